// Every field of the schema has an effect, or is said to have none — core
import { k0sWorkerConfig } from '@k0smotron-ts/api'
import { leafCases, type SchemaNode } from '@k0smotron-ts/api/testing'
import { describe, expect, it } from 'vitest'
import { renderDataSecret } from './controllers/k0sworkerconfig/data-secret.ts'
import { unsupportedFields } from './controllers/k0sworkerconfig/not-supported.ts'
import type { Observed } from './controllers/k0sworkerconfig/observed.ts'
import { settledStatus } from './controllers/k0sworkerconfig/status.ts'
import { observed } from './testing/observed.ts'

type Spec = Observed['config']['spec']

const schema = JSON.parse(JSON.stringify(k0sWorkerConfig.spec)) as SchemaNode

/** Where any value of the type will not do: it would be the effective one anyway. */
const samples = {
  'spec.version': 'v1.35.1+k0s.0',
  'spec.downloadURL': 'https://mirror.example/k0s',
  'spec.k0sInstallDir': '/opt/bin',
  'spec.workingDir': '/opt/k0s',
  'spec.provisioner.type': 'ignition',
  'spec.provisioner.platform': 'windows',
  'spec.files.permissions': '0600',
}

const token = { id: 'abcdef', secret: '0123456789abcdef' }

/** What is read of a reference follows its name and key. */
function snapshotOf(spec: Spec): Observed {
  const contents = (spec.files ?? []).map(({ contentFrom }) => ({
    bytes: Buffer.from(JSON.stringify(contentFrom ?? '')),
  }))
  return observed(spec, { contents: Object.fromEntries(contents.entries()) })
}

const outputOf = (spec: Spec): string => JSON.stringify(renderDataSecret(snapshotOf(spec), token))

/** The parts of the path with entries of lists left out, as conditions name them. */
const named = (path: string) => path.replace(/\[.*?\]/g, '')

const cases = leafCases(schema, samples).map(one => [one.path, one] as const)

describe('every field of K0sWorkerConfig changes what is made, or is said to have no effect', () => {
  it('looks at each of them', () => {
    expect(cases.map(([path]) => path)).toEqual(
      expect.arrayContaining(['spec.files.contentFrom.secretRef.key', 'spec.args']),
    )
  })

  it.each(cases)('%s', (path, { with: set, without }) => {
    const hasEffect = outputOf(set as Spec) !== outputOf(without as Spec)
    const unsupported = unsupportedFields(observed(set as Spec)).map(one => named(one.path))
    const isSaid = unsupported.some(known => path === known || path.startsWith(`${known}.`))
    expect({ hasEffect, isSaid }).not.toEqual({ hasEffect: false, isSaid: false })
    if (isSaid) {
      const { conditions } = settledStatus(observed(set as Spec))
      expect(conditions.map(({ type, status }) => `${type} ${status}`)).toContain('NotSupported True')
    }
  })
})
