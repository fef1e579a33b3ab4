import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxClusterNameLength, namesOf, shortened } from './names.ts'

const clusterName = fc.stringMatching(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/)

describe('namesOf', () => {
  it('gives the names that k0smotron gives, where it has the object', () => {
    expect(namesOf('prod')).toEqual({
      statefulSet: 'kmc-prod',
      dataVolume: 'kmc-prod',
      service: { ClusterIP: 'kmc-prod', NodePort: 'kmc-prod-nodeport', LoadBalancer: 'kmc-prod-lb' },
      config: 'kmc-prod-config',
      etcd: 'kmc-prod-etcd',
      etcdConfig: 'kmc-prod-etcd-config',
      kubeconfig: 'prod-kubeconfig',
      ca: 'prod-ca',
      serviceAccountKey: 'prod-sa',
      frontProxyCA: 'prod-proxy',
      etcdCA: 'prod-etcd',
      etcdClient: 'prod-apiserver-etcd-client',
      etcdServer: 'prod-etcd-server',
      etcdPeer: 'prod-etcd-peer',
      oidc: 'prod-oidc',
    })
  })

  it('never gives a name of more than 63 characters to anything but a Secret', () => {
    fc.assert(
      fc.property(clusterName, cluster => {
        const { service, statefulSet, etcd, config, etcdConfig } = namesOf(cluster)
        for (const name of [...Object.values(service), statefulSet, etcd, config, etcdConfig]) {
          expect(name).toMatch(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/)
        }
      }),
    )
  })

  it('leaves room for the revision label of the sets up to the longest cluster name', () => {
    const { etcd } = namesOf('x'.repeat(maxClusterNameLength))
    expect(`${etcd}-0123456789`).toHaveLength(63)
  })
})

describe('shortened', () => {
  it('keeps 63 characters as they are', () => {
    expect(shortened('a'.repeat(63))).toBe('a'.repeat(63))
  })

  it('cuts longer ones to 57 and tells them apart by a hash of the whole', () => {
    // md5 of 64 times the letter a begins with 014842
    expect(shortened('a'.repeat(64))).toBe(`${'a'.repeat(57)}-01484`)
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{64,90}$/), fc.stringMatching(/^[a-z]{1,9}$/), (name, suffix) => {
        expect(shortened(name)).toHaveLength(63)
        expect(shortened(`${name}${suffix}`)).not.toBe(shortened(name))
      }),
    )
  })
})
