import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { controlPlaneCondition, dataSecret, joinTokenCondition } from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'

const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'troubleshooting.md'), 'utf8')
const [, controlPlane = '', worker = '', joinToken = ''] = text.split(/^## .*$/m)

/** Reasons of a condition that is as it should be; nobody looks them up. */
const good = new Set([
  'Available',
  'EndpointAvailable',
  'InfrastructureProvisioned',
  'CertificatesAvailable',
  'DatastoreAvailable',
  'ControlPlaneComponentsHealthy',
  'KubeconfigAvailable',
  'OIDCDocumentsAvailable',
  'Initialized',
  'NotDeleting',
  'RollingOut',
  'NotRollingOut',
  'ScalingUp',
  'NotScalingUp',
  'ScalingDown',
  'NotScalingDown',
  'NotAvailable',
])

const reasonsOf = (conditions: object) =>
  Object.entries(conditions)
    .flatMap(([name, value]) => (name.endsWith('Reason') ? Object.values(value as Record<string, string>) : []))
    .filter(reason => !good.has(reason))

describe('docs/troubleshooting.md explains every reason of', () => {
  it.each([...new Set(reasonsOf(controlPlaneCondition))])('K0smotronControlPlane: %s', reason => {
    expect(controlPlane).toContain(`\`${reason}\``)
  })

  it.each(Object.values(joinTokenCondition.joinTokenReason))('JoinTokenRequest: %s', reason => {
    expect(joinToken).toContain(`\`${reason}\``)
  })

  const { dataSecretReason, joinableReason } = dataSecret
  it.each([...new Set(Object.values({ ...dataSecretReason, ...joinableReason }))].filter(reason => !good.has(reason)))(
    'K0sWorkerConfig: %s',
    reason => {
      expect(worker).toContain(`\`${reason}\``)
    },
  )
})
