import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { convertObject, kinds } from '@k0smotron-ts/api'
import { valuesOf } from '@k0smotron-ts/api/arbitrary'
import fc from 'fast-check'
import { dump, loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { convertManifests } from './convert.ts'
import { ManifestError } from './manifest-error.ts'

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
    ['empty documents', '\n---\n\n---\nnull\n'],
    ['line ends of Windows', 'kind: A\r\na:  1\r\n'],
    ['a list of nothing', 'apiVersion: v1\nkind: List\nitems: []\n# k0smotron.io\n'],
    ['a byte order mark', '\uFEFFkind:   A\n'],
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

  it('one behind an alias: the line of that', () => {
    const { strays } = convertManifests(`${controlPlane}spec:\n  etcd: &e {image: x}\n  persistence: *e\n`)
    expect(strays).toMatchObject([{ line: 6, message: expect.stringContaining('spec.persistence.image') }])
  })

  it('in the stored version, too', () => {
    const { strays } = convertManifests(`${controlPlane.replace('v1beta1', 'v1beta2')}spec:\n  etcd: {}\n`)
    expect(strays).toMatchObject([{ line: 5, message: expect.stringContaining('spec.etcd') }])
  })
})

describe('refuses with the line, and says why', () => {
  it.each([
    ['text that is no YAML', 'spec: {a\n', 5, 'end with a }'],
    ['two fields of one name', 'spec:\n  etcd: {}\n  etcd: {}\n', 6, 'must be unique'],
    ['a template', 'spec:\n  etcd: {}\n  replicas: {{ .Values.r }}\n', 6, 'render templates ({{ … }}) before'],
    ['merge keys', 'x: &x {a: b}\nspec:\n  <<: *x\n  etcd: {}\n', 6, 'a merge key (<<) is not converted'],
    ['tabs', 'spec:\n\tetcd: {}\n', 5, 'Tabs are not allowed as indentation'],
    ['an alias of nothing', 'spec:\n  etcd: *e\n  x: &e {}\n', 5, 'the alias *e has no anchor (&) before it'],
    ['an alias of what it is in', 'spec: &s\n  k0sConfig:\n  - *s\n', 6, 'the alias *s is within what it stands for'],
    ['a further document without its line', 'spec: {}\n...\nkind: A\n', 6, 'begins without a line of ---'],
    ['a value that the other version has no place for', 'spec:\n  etcd: {}\n  storage: []\n', 1, 'must be an object'],
  ])('%s', (_, spec, line, message) => {
    const text = (lines: string) => lines + controlPlane + spec
    for (const [before, lines] of [
      ['', 0],
      ['a: b\n---\n', 2],
    ] as const) {
      let error: unknown
      try {
        convertManifests(text(before))
      } catch (thrown) {
        error = thrown
      }
      expect(error).toBeInstanceOf(ManifestError)
      expect(error).toMatchObject({ line: line + lines, message: expect.stringContaining(message) })
    }
  })
})

describe('converts as it is written', () => {
  const [older, stored] = ['v1beta1', 'v1beta2'].map(version => `controlplane.cluster.x-k8s.io/${version}`)
  const both = (text: (apiVersion: string, etcd: string) => string): [string, string] => [
    text(older as string, 'etcd'),
    text(stored as string, 'storage'),
  ]

  it.each<[string, [string, string]]>([
    ['with a byte order mark', both(version => `\uFEFFapiVersion: ${version}\nkind: K0smotronControlPlane\n`)],
    ['with line ends of Windows', both(version => `apiVersion: ${version}\r\nkind: K0smotronControlPlane\r\n`)],
    ['without a line end', both(version => `apiVersion: ${version}\nkind: K0smotronControlPlane`)],
    [
      'with an anchor',
      [
        `x: &e\n  image: y\napiVersion: ${older}\nkind: K0smotronControlPlane\nspec:\n  etcd: *e\n`,
        `x: &e\n  image: y\napiVersion: ${stored}\nkind: K0smotronControlPlane\nspec:\n  storage:\n    etcd: *e\n`,
      ],
    ],
    [
      'JSON, which stays JSON',
      [
        `{"apiVersion":"${older}","kind":"K0smotronControlPlane","spec":{"replicas":1,"etcd":{}}}\n`,
        `{"apiVersion":"${stored}","kind":"K0smotronControlPlane","spec":{"replicas":1,"storage":{"etcd":{}}}}\n`,
      ],
    ],
    [
      'JSON with blanks',
      both(version => `{\n    "apiVersion": "${version}",\n    "kind": "K0smotronControlPlane",\n    "spec": {}\n}`),
    ],
    [
      'a list of the API server',
      both(
        version =>
          `apiVersion: ${version}\nkind: K0smotronControlPlaneList\nitems:\n- apiVersion: ${version}\n  kind: K0smotronControlPlane\n- null\n`,
      ),
    ],
    [
      'a list of it without objects',
      both(version => `apiVersion: ${version}\nkind: K0smotronControlPlaneList\nitems: []\n`),
    ],
  ])('%s', (_, [given, expected]) => {
    expect(convertManifests(given)).toEqual({ text: expected, strays: expect.anything() })
    expect(convertManifests(expected).text).toBe(expected)
  })

  it('but JSON with a number that JavaScript has none for', () => {
    const [given] = both(
      version =>
        `{"apiVersion":"${version}","kind":"K0smotronControlPlane","spec":{"k0sConfig":{"a":9007199254740993}}}`,
    )
    expect(() => convertManifests(given)).toThrow('cannot be rewritten')
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
