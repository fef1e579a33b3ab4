// Every field of the schema has an effect, or is said to have none — core
import { k0sWorkerConfig } from '@k0smotron-ts/api'
import { leafCases, type SchemaNode } from '@k0smotron-ts/api/testing'
import type { Shell } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import { renderDataSecret } from './controllers/k0sworkerconfig/data/data-secret.ts'
import { readFiles } from './controllers/k0sworkerconfig/input/files.ts'
import { unsupportedFields } from './controllers/k0sworkerconfig/input/not-supported.ts'
import { isWait } from './controllers/k0sworkerconfig/input/parts.ts'
import { workerOf } from './controllers/k0sworkerconfig/input/worker-input.ts'
import { began, type Observed } from './controllers/k0sworkerconfig/observed.ts'
import { statusOf } from './controllers/k0sworkerconfig/report/status.ts'
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

/** What a reference leads to, read as a pass reads it: each key of each object has another value. */
const shell = {
  read: {
    referenced: async ({ kind }: { kind: string }, { name }: { name: string }) => ({
      data: new Proxy({}, { get: (_, key) => Buffer.from(`${kind} ${name} ${String(key)}`).toString('base64') }),
    }),
  },
} as unknown as Shell

/** As text: what is made, or why it is not. */
async function outputOf(spec: Spec): Promise<string> {
  const snapshot = observed(spec)
  const worker = workerOf(snapshot)
  const read = await readFiles(snapshot, shell)
  if (isWait(worker) || !('files' in read)) return JSON.stringify([worker, read])
  return JSON.stringify(renderDataSecret(snapshot, { ...worker, files: read.files, joinToken: '' }))
}

/** The parts of the path with entries of lists left out, as conditions name them. */
const named = (path: string) => path.replace(/\[.*?\]/g, '')

const cases = leafCases(schema, samples).map(one => [one.path, one] as const)

describe('every field of K0sWorkerConfig changes what is made, or is said to have no effect', () => {
  it('looks at each of them', () => {
    expect(cases.map(([path]) => path)).toEqual(
      expect.arrayContaining(['spec.files.contentFrom.secretRef.key', 'spec.args']),
    )
  })

  it.each(cases)('%s', async (path, { with: set, without }) => {
    const hasEffect = (await outputOf(set as Spec)) !== (await outputOf(without as Spec))
    const unsupported = unsupportedFields(observed(set as Spec)).map(one => named(one.path))
    const isSaid = unsupported.some(known => path === known || path.startsWith(`${known}.`))
    expect({ hasEffect, isSaid }).not.toEqual({ hasEffect: false, isSaid: false })
    if (isSaid) {
      const told = statusOf({ ...began(observed(set as Spec)), isStored: true })
      expect(told?.conditions.map(({ type, status }) => `${type} ${status}`)).toContain('NotSupported True')
    }
  })
})
