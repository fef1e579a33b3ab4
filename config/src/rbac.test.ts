import { rights as bootstrap } from '@k0smotron-ts/bootstrap/rules'
import { rights as controlPlane, standaloneRights as standalone } from '@k0smotron-ts/controlplane/rules'
import { describe, expect, it } from 'vitest'
import { rbacOf } from './rbac.ts'

/** Kinds without a namespace, in the spelling of roles. */
const global = ['nodes', 'customresourcedefinitions', 'tokenreviews', 'subjectaccessreviews']

describe.each([bootstrap, controlPlane, standalone])('$name', rights => {
  const files = rbacOf(rights, 'the-provider')

  it('has a file for each set of rights that can be left out', () => {
    const kinds = files.map(
      ({ name, objects }) => `${name}: ${objects.map(object => (object as { kind: string }).kind).join()}`,
    )
    expect(kinds.slice(0, 3)).toEqual([
      `${rights.name}: ServiceAccount,Role,RoleBinding,ClusterRole`,
      `${rights.name}-all-namespaces: ClusterRoleBinding`,
      `${rights.name}-global: ClusterRole,ClusterRoleBinding`,
    ])
    expect(files.length).toBe(rights.infrastructure ? 4 : 3)
  })

  it('is labelled for Cluster API', () => {
    for (const object of files.flatMap(({ objects }) => objects))
      expect(object).toMatchObject({ metadata: { labels: { 'cluster.x-k8s.io/provider': 'the-provider' } } })
  })

  it('has nothing in the role of namespaces that a RoleBinding cannot give, and no wildcard', () => {
    const resources = rights.inNamespaces.flatMap(rule => rule.resources)
    expect(resources.filter(resource => resource === '*' || global.includes(resource))).toEqual([])
    const others = [...rights.everywhere, ...rights.own].flatMap(({ resources: more, verbs }) => [...more, ...verbs])
    expect(others).not.toContain('*')
  })
})
