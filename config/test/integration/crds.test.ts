// The committed CRDs on a real API server: what they accept, what they refuse and with which words — shell
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  joinTokenRequest,
  type Kind,
  type KubeObject,
  k0smotronCluster,
  k0smotronControlPlane,
  k0sWorkerConfig,
  k0sWorkerConfigTemplate,
  kinds,
  type ResourceType,
} from '@k0smotron-ts/api'
import { clientOf, installFiles, startTestEnv, type TestEnv } from '@k0smotron-ts/hack/testenv'
import type { Client } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let env: TestEnv
let client: Client

beforeAll(async () => {
  env = await startTestEnv()
  client = clientOf(env.connection)
  const folder = join(import.meta.dirname, '..', '..', 'crd')
  await installFiles(
    client,
    (await readdir(folder)).map(file => join(folder, file)),
  )
})

afterAll(async () => {
  await client.close()
  await env.stop()
})

let count = 0

function objectOf(kind: Kind, spec: object): KubeObject {
  count += 1
  const { group, version } = kind
  const metadata = { name: `case-${count}`, namespace: 'default' }
  return { apiVersion: `${group}/${version}`, kind: kind.kind, metadata, spec } as KubeObject
}

function without(object: object, field: string): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== field))
}

const create = (kind: Kind, spec: object) =>
  client.create(kind as unknown as ResourceType, objectOf(kind, spec)) as Promise<KubeObject & { spec: object }>

/** What a kind cannot do without. */
const needed = new Map<Kind, object>([[joinTokenRequest, { clusterName: 'c' }]])

it.each(kinds.map(kind => [kind.kind, kind] as const))(
  '%s is served, and an empty object is taken',
  async (_, kind) => {
    const template = { template: { spec: {} } }
    const spec = kind.kind.endsWith('Template') ? template : (needed.get(kind) ?? {})
    const hasReplicas = kind === k0smotronControlPlane || kind === k0smotronCluster
    expect((await create(kind, spec)).spec).toEqual(hasReplicas ? { replicas: 1 } : spec)
  },
)

/** [what, spec] */
type Case = readonly [string, object]

const accepted: readonly Case[] = [
  ['free k0s configuration', { k0sConfig: { spec: { api: { extraArgs: { v: '4' } } } } }],
  ['an image with a port and without a tag', { image: 'registry.example:5000/k0s' }],
  ['an image with a digest', { image: `registry.example/k0s@sha256:${'a'.repeat(64)}` }],
  [
    'amounts that are not canonical',
    { resources: { requests: { cpu: '1000m', memory: '1024Mi' }, limits: { cpu: 2 } } },
  ],
  [
    'a mount with any volume source',
    { mounts: [{ path: '/x', configMap: { name: 'c', items: [{ key: 'a', path: 'b' }] } }] },
  ],
  [
    'what k0smotron wrote for a data source from a Secret',
    {
      storage: {
        type: 'kine',
        kine: { dataSourceURL: '__K0SMOTRON_KINE_DATASOURCE_URL_PLACEHOLDER__', dataSourceSecretName: 'dsn' },
      },
    },
  ],
  ['the life of certificates', { certificates: { duration: '24h', renewBefore: '8h30m' } }],
  ['a renewal earlier than by default', { certificates: { renewBefore: '8759h' } }],
  ['equal ports that the API server will choose apart', { service: { type: 'NodePort', apiPort: 30132 } }],
  ['a version that nobody can read, which a condition will name', { version: 'latest' }],
  ...[
    '10.0.0.1',
    '255.255.255.255',
    '::1',
    'fd00:8::a',
    '::ffff:10.0.0.1',
    'lb',
    'LB-1.example.org',
    'api_prod.example.org',
    'lb.example.org.',
    '1.example',
    '',
  ].map((host): Case => [`the external address "${host}"`, { externalAddress: host }]),
]

const port = 'must be a DNS name or an IP address, without port and brackets'
const number = 'ends in a number, so it must be an IPv4 address'

const refusedHosts: readonly (readonly [string, string])[] = [
  ['10.0.0.300', number],
  ['1.2.3.4.5', number],
  ['010.0.0.1', number],
  ['foo.1', number],
  ['host.09', number],
  ['0x7f.1', number],
  ['10.0.0.1:6443', port],
  ['https://lb.example.org', port],
  ['[::1]', port],
  ['a..b', port],
  ['lb.example.org..', port],
  ['10.0.0.1.', number],
]

const refused: readonly (readonly [string, object, string])[] = [
  [
    'an image with a tag',
    { image: 'quay.io/k0sproject/k0s:v1' },
    'spec.image: Invalid value: "quay.io/k0sproject/k0s:v1": must have no tag',
  ],
  [
    'two equal ports',
    { service: { apiPort: 6443, konnectivityPort: 6443 } },
    'apiPort and konnectivityPort must differ',
  ],
  [
    'a port that equals the default of the other',
    { service: { apiPort: 30132 } },
    'apiPort and konnectivityPort must differ',
  ],
  [
    'an unknown type of Service',
    { service: { type: 'ExternalName' } },
    'spec.service.type: Unsupported value: "ExternalName"',
  ],
  ['a port out of range', { service: { apiPort: 70000 } }, 'spec.service.apiPort: Invalid value: 70000'],
  ['half an endpoint', { controlPlaneEndpoint: { host: 'x' } }, 'spec.controlPlaneEndpoint.port: Required value'],
  [
    'a URL for a host',
    { controlPlaneEndpoint: { host: 'https://api.example', port: 6443 } },
    'spec.controlPlaneEndpoint.host: Invalid value: "https://api.example"',
  ],
  [
    'a konnectivity port that its user cannot bind',
    { service: { konnectivityPort: 443 } },
    'spec.service.konnectivityPort: Invalid value: 443',
  ],
  [
    'an empty host',
    { controlPlaneEndpoint: { host: '', port: 6443 } },
    'spec.controlPlaneEndpoint.host: Invalid value: ""',
  ],
  [
    'two data sources',
    { storage: { kine: { dataSourceURL: 'x://', dataSourceSecretName: 'dsn' } } },
    'give dataSourceURL or dataSourceSecretName, not both',
  ],
  ...refusedHosts.map(([host, words]) => [`the external address "${host}"`, { externalAddress: host }, words] as const),
  ...refusedHosts.map(
    ([host, words]) =>
      [`an endpoint with the host "${host}"`, { controlPlaneEndpoint: { host, port: 6443 } }, words] as const,
  ),
  ['a life of a certificate that is too short', { certificates: { duration: '59m' } }, 'spec.certificates.duration'],
  [
    'a renewal before the certificate is there',
    { certificates: { duration: '24h', renewBefore: '24h' } },
    'spec.certificates.renewBefore: Invalid value',
  ],
  ['a duration in days', { certificates: { duration: '30d' } }, 'must be a duration such as 720h or 8760h'],
  ['a negative number of replicas', { replicas: -1 }, 'spec.replicas: Invalid value: -1'],
  [
    'an amount that is none',
    { resources: { requests: { cpu: 'much' } } },
    'spec.resources.requests.cpu: Invalid value: "much"',
  ],
  [
    'one certificate twice',
    { certificateRefs: [{ type: 'ca' }, { type: 'ca' }] },
    'spec.certificateRefs[1]: Duplicate value',
  ],
  [
    'a spread constraint without a key',
    { topologySpreadConstraints: [{ maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }] },
    'spec.topologySpreadConstraints[0].topologyKey: Required value',
  ],
  [
    'an ingress without a host',
    { ingress: { apiHost: 'api.example' } },
    'spec.ingress.konnectivityHost: Required value',
  ],
  [
    'a patch of an unknown type',
    { patches: [{ target: { kind: 'Service', component: 'x' }, patch: { type: 'other', content: '{}' } }] },
    'spec.patches[0].patch.type: Unsupported value: "other"',
  ],
]

describe('K0smotronControlPlane', () => {
  it.each(accepted)('takes %s', async (_, spec) => {
    expect((await create(k0smotronControlPlane, spec)).spec).toMatchObject(spec)
  })

  it.each(refused)('refuses %s', async (_, spec, words) => {
    await expect(create(k0smotronControlPlane, spec)).rejects.toThrow(words)
  })

  it.each<readonly [string, object, object]>([
    ['from etcd to kine', { storage: { type: 'etcd' } }, { storage: { type: 'kine' } }],
    ['from nothing said, which is etcd, to kine', {}, { storage: { type: 'kine' } }],
    ['from kine to nothing said', { storage: { type: 'kine' } }, {}],
  ])('refuses another datastore on a live object: %s', async (_, before, after) => {
    const made = await create(k0smotronControlPlane, before)
    const changed = client.replace(
      k0smotronControlPlane as unknown as ResourceType,
      { ...made, spec: after } as KubeObject,
    )
    await expect(changed).rejects.toThrow('spec.storage.type: Invalid value')
  })

  it('of the names of earlier releases, people who apply strictly learn all, and others lose them to the schema', async () => {
    const type = k0smotronControlPlane as unknown as ResourceType
    const { metadata, spec } = await create(k0smotronControlPlane, {})
    const { name = '', namespace = '' } = metadata
    const old = { controllerPlaneFlags: ['--debug'], etcd: { autoDeletePVCs: true } }
    const strictly = { fieldValidation: 'Strict' } // as kubectl and GitOps tools ask for it
    await expect(client.patchMerge(type, { name, namespace }, { spec: old }, strictly as object)).rejects.toThrow(
      'unknown field "spec.controllerPlaneFlags", unknown field "spec.etcd"',
    )
    expect(await client.patchMerge(type, { name, namespace }, { spec: old })).toMatchObject({ spec })
  })

  it('is scaled through its scale subresource, which says how many there are and which', async () => {
    const type = k0smotronControlPlane as unknown as ResourceType
    const { metadata } = await create(k0smotronControlPlane, {})
    const { name = '', namespace = '' } = metadata
    const status = { replicas: 1, selector: 'cluster=x,component=cluster' }
    await client.patchMerge(type, { name, namespace }, { status }, { subresource: 'status' })
    const scale = await client.patchMerge(
      type,
      { name, namespace },
      { spec: { replicas: 3 } },
      { subresource: 'scale' as 'status' }, // providers write no other; autoscalers do
    )
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 3 }, status })
    expect(await client.get(type, { name, namespace })).toMatchObject({ spec: { replicas: 3 } })
  })

  it('takes the same datastore said in another way', async () => {
    const made = await create(k0smotronControlPlane, {})
    const changed = { ...made, spec: { storage: { type: 'etcd' } } } as KubeObject
    await expect(client.replace(k0smotronControlPlane as unknown as ResourceType, changed)).resolves.toBeDefined()
  })
})

describe('K0sWorkerConfigTemplate', () => {
  it.each<readonly [string, object, object]>([
    ['nothing at all', {}, {}],
    ['an empty template', { spec: { template: {} } }, { template: {} }],
    [
      'metadata alone',
      { spec: { template: { metadata: { labels: { a: 'b' } } } } },
      { template: { metadata: { labels: { a: 'b' } } } },
    ],
  ])('takes %s, and a config made from it', async (_, body, spec) => {
    const made = await client.create(
      k0sWorkerConfigTemplate as unknown as ResourceType,
      {
        ...without(objectOf(k0sWorkerConfigTemplate, {}), 'spec'),
        ...body,
      } as KubeObject,
    )
    expect(made).toMatchObject({ spec })
    const clone = await client.create(
      k0sWorkerConfig as unknown as ResourceType,
      without(objectOf(k0sWorkerConfig, {}), 'spec') as KubeObject,
    )
    expect(clone).toMatchObject({ spec: {} })
  })
})

const refusedOfWorkers: readonly (readonly [string, object, string])[] = [
  ['a file without content', { files: [{ path: '/a' }] }, 'give exactly one of content and contentFrom'],
  [
    'a file with two contents',
    { files: [{ path: '/a', content: 'x', contentFrom: { secretRef: { name: 's', key: 'k' } } }] },
    'give exactly one of content and contentFrom',
  ],
  ['a file without a path', { files: [{ content: 'x' }] }, 'spec.files[0].path: Required value'],
  [
    'one path twice',
    {
      files: [
        { path: '/a', content: '1' },
        { path: '/a', content: '2' },
      ],
    },
    'spec.files[1]: Duplicate value',
  ],
  [
    'two sources',
    {
      files: [
        { path: '/a', contentFrom: { secretRef: { name: 's', key: 'k' }, configMapRef: { name: 'c', key: 'k' } } },
      ],
    },
    'give exactly one of secretRef and configMapRef',
  ],
  ['no source', { provisioner: { customUserDataRef: {} } }, 'give exactly one of secretRef and configMapRef'],
  [
    'a version spelled for image tags',
    { version: 'v1.36.3-k0s.1' },
    'write the suffix with a plus sign: v1.36.3+k0s.1',
  ],
  [
    'permissions that are no octal number',
    { files: [{ path: '/a', content: '', permissions: 'rw-r--r--' }] },
    'must be octal, such as 0644',
  ],
  ['a download by another scheme', { downloadURL: 'ftp://x/k0s' }, 'must be an http, https or oci URL'],
  ['a download with a blank', { downloadURL: 'https://x/k0s; reboot' }, 'must be an http, https or oci URL'],
  ['a download with a NUL character', { downloadURL: 'https://x/\0' }, 'must be an http, https or oci URL'],
  ['an unknown format', { provisioner: { type: 'jinja' } }, 'spec.provisioner.type: Unsupported value: "jinja"'],
]

describe('K0sWorkerConfig', () => {
  it.each<Case>([
    ['a file with content', { files: [{ path: '/a', content: 'x', permissions: '0644' }] }],
    ['an empty file', { files: [{ path: '/a', content: '' }] }],
    ['a file from a Secret', { files: [{ path: '/a', contentFrom: { secretRef: { name: 's', key: 'k' } } }] }],
    ['a download from a registry', { downloadURL: 'oci://registry.example/k0s@sha256:aa' }],
    ['a version with a plus sign', { version: 'v1.36.3+k0s.1' }],
    [
      'what Go clients write for nothing',
      { downloadURL: '', workingDir: '', k0sInstallDir: '', version: '', args: [''] },
    ],
    ['an empty command', { preK0sCommands: [''] }],
    ['a long command', { postK0sCommands: ['x'.repeat(65_536)] }],
    ['a large file', { files: [{ path: '/a', content: 'x'.repeat(524_288) }] }],
    ['many files', { files: Array.from({ length: 500 }, (_, index) => ({ path: `/${index}`, content: 'x' })) }],
    [
      'an empty content beside a reference',
      { files: [{ path: '/a', content: '', contentFrom: { secretRef: { name: 's', key: 'k' } } }] },
    ],
  ])('takes %s', async (_, spec) => {
    expect((await create(k0sWorkerConfig, spec)).spec).toEqual(spec)
  })

  it.each(refusedOfWorkers)('refuses %s', async (_, spec, words) => {
    await expect(create(k0sWorkerConfig, spec)).rejects.toThrow(words)
  })

  it.each(refusedOfWorkers)('refuses %s in a template', async (_, spec, words) => {
    const told = words.replace(/^spec\./, 'spec.template.spec.')
    await expect(create(k0sWorkerConfigTemplate, { template: { spec } })).rejects.toThrow(told)
  })
})

describe('JoinTokenRequest', () => {
  it.each(['0s', '0', '30m', '1h30m', '1.5h'])('takes the expiry %s', async expiry => {
    await create(joinTokenRequest, { clusterName: 'c', expiry })
  })

  it.each(['1d', '24', '-1h', '$(reboot)', '1h; reboot', ''])('refuses the expiry %j', async expiry => {
    await expect(create(joinTokenRequest, { clusterName: 'c', expiry })).rejects.toThrow(
      'must be a duration such as 30m, 24h or 1h30m; 0s never ends',
    )
  })

  it('stays with its Cluster', async () => {
    const made = await create(joinTokenRequest, { clusterName: 'c' })
    const other = client.patchMerge(joinTokenRequest, { namespace: 'default', name: made.metadata.name ?? '' }, {
      spec: { clusterName: 'other' },
    } as object)
    await expect(other).rejects.toThrow('make another JoinTokenRequest')
  })
})

it('a Cluster without a spec is taken', async () => {
  const { spec: _, ...bare } = objectOf(k0smotronCluster, {}) as KubeObject & { spec: object }
  expect((await client.create(k0smotronCluster as unknown as ResourceType, bare)) as object).toHaveProperty('spec', {
    replicas: 1,
  })
})
