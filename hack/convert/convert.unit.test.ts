import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { convertObject, kinds } from '@k0smotron-ts/api'
import { valuesOf } from '@k0smotron-ts/api/arbitrary'
import fc from 'fast-check'
import { dump, loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { convertManifests, ManifestError } from './convert.ts'

const read = (name: string) => readFile(join(import.meta.dirname, 'testdata', name), 'utf8')

describe.each(['cluster-api', 'standalone', 'exported-list'])('%s.yaml', name => {
  it('becomes the text beside it, and nothing when it is converted again', async () => {
    const { text, strays } = convertManifests(await read(`${name}.v1beta1.yaml`))
    await expect(text).toMatchFileSnapshot(`testdata/${name}.v1beta2.yaml`)
    expect(strays).toEqual([])
    expect(convertManifests(text).text).toBe(text)
  })
})

const controlPlane = `apiVersion: controlplane.cluster.x-k8s.io/v1beta1
kind: K0smotronControlPlane
metadata: {name: a}
`

describe('leaves byte for byte', () => {
  it.each([
    ['other kinds', 'kind:   Deployment # x\napiVersion:  apps/v1beta1\n\n\n'],
    ['what is no YAML', '{{- if .Values.x }}\nkind: A\n{{ end }}\n'],
    ['objects of the stored version', controlPlane.replace('v1beta1', 'v1beta2')],
    ['kinds that are not ours', 'apiVersion: cluster.x-k8s.io/v1beta1\nkind: Cluster\nspec: {etcd:   {}}\n'],
    ['nothing', ''],
    ['comments', '# a\n--- # b\n# c\n...\n'],
  ])('%s', (_, text) => {
    expect(convertManifests(text)).toEqual({ text, strays: [] })
    const beside = `---\n${text}---\n${controlPlane}`
    expect(convertManifests(beside).text).toBe(`---\n${text}---\n${controlPlane.replace('v1beta1', 'v1beta2')}`)
  })
})

describe('names fields that have no effect, with their line', () => {
  it.each([
    [
      'one that no version knows',
      'spec:\n  replica: 3\n',
      [{ line: 7, message: 'spec.replica: controlplane.cluster.x-k8s.io/v1beta1 does not know the field' }],
    ],
    [
      'one below a list',
      'spec:\n  mounts: []\n  certificateRefs:\n  - type: ca\n    nam: x\n',
      [
        {
          line: 10,
          message: 'spec.certificateRefs[0].nam: controlplane.cluster.x-k8s.io/v1beta1 does not know the field',
        },
      ],
    ],
    [
      'one beside the spec',
      'specs: {}\n',
      [{ line: 6, message: 'specs: controlplane.cluster.x-k8s.io/v1beta1 does not know the field' }],
    ],
    [
      'one of the stored version',
      'spec:\n  storage: {type: etcd}\n',
      [
        {
          line: 7,
          message:
            'spec.storage: controlplane.cluster.x-k8s.io/v1beta1 does not know the field; v1beta2 does, and there it has an effect',
        },
      ],
    ],
  ])('%s', (_, spec, strays) => {
    expect(convertManifests(`# first\n---\n${controlPlane}${spec}`).strays).toEqual(strays)
  })

  it('in the stored version, too', () => {
    const { strays } = convertManifests(`${controlPlane.replace('v1beta1', 'v1beta2')}spec:\n  etcd: {}\n`)
    expect(strays).toMatchObject([{ line: 5, message: expect.stringContaining('spec.etcd') }])
  })
})

describe('refuses with the line', () => {
  it.each([
    ['text that is no YAML', 'spec: {a\n', 5],
    ['two fields of one name', 'spec:\n  etcd: {}\n  etcd: {}\n', 6],
    ['merge keys', 'x: &x {a: b}\nspec:\n  <<: *x\n  etcd: {}\n', 6],
  ])('%s', (_, spec, line) => {
    expect(() => convertManifests(controlPlane + spec)).toThrow(ManifestError)
    try {
      convertManifests(controlPlane + spec)
    } catch (error) {
      expect((error as ManifestError).line).toBe(line)
    }
  })
})

it('keeps an octal number, a version and quotes as they are spelled', () => {
  const { text } = convertManifests(`apiVersion: bootstrap.cluster.x-k8s.io/v1beta1
kind: K0sWorkerConfig
metadata:
  name: "a"
spec:
  version: 'v1.34.1+k0s.0'
  preStartCommands: # first
  - "echo yes"
  files:
  - {path: /a, permissions: 0644}
`)
  expect(text).toBe(`apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
kind: K0sWorkerConfig
metadata:
  name: "a"
spec:
  version: 'v1.34.1+k0s.0'
  preK0sCommands:
  # first
  - "echo yes"
  files:
  - {path: /a, permissions: 0644}
`)
})

const versioned = kinds.flatMap(kind => (kind.older ? [[kind.kind, kind, kind.older] as const] : []))

it.each(versioned)('converts any text of %s as the API server would convert the object', (name, kind, older) => {
  const apiVersion = (version: string) => `${kind.group}/${version}`
  const objects = valuesOf(older.spec).map(spec => ({
    apiVersion: apiVersion(older.version),
    kind: name,
    metadata: { name: 'a' },
    spec,
  }))
  fc.assert(
    fc.property(objects, object => {
      const { text } = convertManifests(dump(object, { lineWidth: -1, noRefs: true }))
      expect(loadAll(text)).toEqual([convertObject(object, apiVersion(kind.version))])
    }),
    { numRuns: 10 },
  )
})
