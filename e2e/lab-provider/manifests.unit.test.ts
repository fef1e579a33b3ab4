// Kinds and rights as the contract wants them — core
import { expect, it } from 'vitest'
import { labKinds } from './kinds/kinds.ts'
import { labManifests } from './manifests.ts'
import { labRights } from './rights.ts'

it.each(labKinds.map(kind => [kind.kind, kind] as const))(
  '%s is named and labelled as core looks for it',
  (_, kind) => {
    const crd = labManifests('ns').find(({ metadata }) => metadata.name === `${kind.kind.toLowerCase()}s.${kind.group}`)
    expect(crd?.metadata.labels).toMatchObject({ 'cluster.x-k8s.io/v1beta2': kind.version })
  },
)

it('runs under an account of its own, which may touch its own kinds only', () => {
  expect(labManifests('ns').filter(({ kind }) => kind === 'ServiceAccount')).toMatchObject([
    { metadata: { name: 'lab-provider', namespace: 'ns' } },
  ])
  const written = labRights.inNamespaces.filter(({ verbs }) =>
    verbs.some(verb => verb === 'patch' || verb === 'update'),
  )
  expect(new Set(written.flatMap(({ resources }) => resources))).toEqual(
    new Set([
      'labmachines',
      'labmachinepools',
      'labclusters/status',
      'labmachines/status',
      'labmachinepools/status',
      'events',
    ]),
  )
  expect(JSON.stringify(labRights)).not.toContain('*')
})
