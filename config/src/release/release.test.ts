// What clusterctl, kubectl and people who patch manifests rely on, on the written files — core
import { createHash } from 'node:crypto'
import { leaseName } from '@k0smotron-ts/runtime'
import { loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { releaseFiles } from '../release-files.ts'
import { releaseOf } from './release.ts'

const version = 'v0.1.7'
const files = releaseOf({ version, image: 'registry.example/k0smotron-ts' })
const textOf = (path: string): string => files.find(file => file.path === path)?.content ?? ''

interface Item {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly subjects?: readonly { readonly name: string; readonly namespace: string }[]
  readonly spec?: object
  readonly rules?: readonly { readonly apiGroups: readonly string[] }[]
}

const objectsOf = (path: string): readonly Item[] => loadAll(textOf(path)) as Item[]
const ofKind = (objects: readonly Item[], kind: string): readonly Item[] => objects.filter(one => one.kind === kind)

interface Container {
  readonly name: string
  readonly image: string
  readonly args: readonly string[]
  readonly command: readonly string[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
}

interface Pod {
  readonly metadata: { readonly labels: object }
  readonly spec: { readonly containers: readonly Container[]; readonly serviceAccountName: string }
}

interface Configuration extends Item {
  readonly webhooks: readonly {
    readonly name: string
    readonly clientConfig: { readonly service: object }
    readonly failurePolicy: string
    readonly matchConditions: readonly { readonly name: string }[]
    readonly rules: readonly { readonly operations: readonly string[]; readonly resources: readonly string[] }[]
  }[]
}

interface WithRules {
  readonly webhooks: readonly { readonly rules: readonly { readonly apiGroups: readonly string[] }[] }[]
}

function podOf(deployment: Item | undefined): Pod {
  if (!deployment) throw new Error('There is no Deployment')
  return (deployment.spec as { readonly template: Pod }).template
}

const providers = [{ type: 'bootstrap' }, { type: 'control-plane' }] as const

describe.each(providers)('$type-components.yaml', ({ type }) => {
  const path = `${type}-components.yaml`
  const objects = objectsOf(path)
  const [deployment, ...moreDeployments] = ofKind(objects, 'Deployment')
  const [manager, ...sidecars] = podOf(deployment).spec.containers

  it('has one namespace, and in it everything that can be in one', () => {
    expect(ofKind(objects, 'Namespace').map(({ metadata }) => metadata.name)).toEqual(['k0smotron'])
    const namespaces = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))
    expect([...namespaces]).toEqual(['k0smotron'])
    const global =
      /^(?:Namespace|CustomResourceDefinition|ClusterRole|ClusterRoleBinding|ValidatingWebhookConfiguration)$/
    expect(objects.filter(one => one.metadata.namespace === undefined && !global.test(one.kind))).toEqual([])
    for (const { subjects = [] } of objects) for (const one of subjects) expect(one.namespace).toBe('k0smotron')
  })

  it('has a container named manager that is told what k0smotron tells it, and where to serve webhooks', () => {
    expect(moreDeployments).toEqual([])
    expect(sidecars).toEqual([])
    expect(deployment?.metadata.name).toBe(`k0smotron-controller-manager-${type}`)
    expect(manager?.name).toBe('manager')
    expect(manager?.args).toEqual([
      '--health-probe-bind-address=:8081',
      '--diagnostics-address=:8080',
      '--webhook-port=9443',
      '--leader-elect',
      `--enable-controller=${type}`,
      `--feature-gates=\${K0SMOTRON_FEATURE_GATES:=CloudInitVars=false}`,
    ])
    expect(manager?.command.at(-1)).toBe(`/k0smotron-ts/${type}/main.mjs`)
  })

  it('has webhooks that keep nobody from deleting or repairing, in a Service that leads to its pods', () => {
    const [service] = ofKind(objects, 'Service')
    expect(service?.metadata.name).toBe(`k0smotron-webhook-service-${type}`)
    expect(service?.spec).toEqual({
      selector: podOf(deployment).metadata.labels,
      ports: [{ port: 443, targetPort: 'webhooks', protocol: 'TCP' }],
    })
    const [configuration] = ofKind(objects, 'ValidatingWebhookConfiguration') as unknown as Configuration[]
    expect(configuration?.metadata.name).toBe(`k0smotron-validating-webhook-configuration-${type}`)
    for (const { name, clientConfig, failurePolicy, matchConditions, rules } of configuration?.webhooks ?? []) {
      expect(clientConfig.service).toMatchObject({ namespace: 'k0smotron', name: service?.metadata.name })
      const conditions = matchConditions.map(one => one.name)
      expect(conditions, name).toContain('not-going')
      if (failurePolicy !== 'Ignore') expect(conditions, name).toContain('version-changed')
      expect(
        rules.flatMap(one => one.operations),
        name,
      ).not.toContain('DELETE')
      expect(
        rules.flatMap(one => one.resources).filter(one => one.includes('/') || one.includes('*')),
        name,
      ).toEqual([])
    }
  })

  it('has no variable but those of the provider, each with a default that is not empty', () => {
    const variables = [...textOf(path).matchAll(/\$\{([^}]*)\}/g)].map(([, variable]) => variable)
    expect(variables).toEqual(['K0SMOTRON_FEATURE_GATES:=CloudInitVars=false'])
    expect(textOf(path)).not.toContain('$$')
  })

  it('is labelled for Cluster API', () => {
    for (const { metadata } of objects)
      expect(metadata.labels).toMatchObject({ 'cluster.x-k8s.io/provider': `${type}-k0smotron` })
  })

  it('names its image in the plain form that clusterctl can override', () => {
    expect(manager?.image).toBe(`registry.example/k0smotron-ts:${version}`)
  })

  it('needs nothing of cert-manager', () => {
    expect(textOf(path)).not.toContain('cert-manager')
  })

  it('runs under an account of its own that the file brings', () => {
    const accounts = ofKind(objects, 'ServiceAccount').map(({ metadata }) => metadata.name)
    expect(accounts).toEqual([podOf(deployment).spec.serviceAccountName])
  })

  it('has pods that no other Deployment, policy or budget of a release takes for its own', () => {
    const own = podOf(deployment).metadata.labels
    expect(own).toEqual({ 'control-plane': 'controller-manager', 'cluster.x-k8s.io/provider': `${type}-k0smotron` })
    const spec = (kind: string): unknown => ofKind(objects, kind)[0]?.spec
    expect(deployment?.spec).toMatchObject({ selector: { matchLabels: own } })
    expect(spec('NetworkPolicy')).toMatchObject({ podSelector: { matchLabels: own } })
    // kube-apiserver is no pod: an address of it cannot be named
    const named = (manager?.ports ?? []).map(({ name }) => ({ port: name, protocol: 'TCP' }))
    expect(named).toContainEqual({ port: 'webhooks', protocol: 'TCP' })
    expect(spec('NetworkPolicy')).toMatchObject({ policyTypes: ['Ingress'], ingress: [{ ports: named }] })
    expect(spec('PodDisruptionBudget')).toMatchObject({ selector: { matchLabels: own }, maxUnavailable: 1 })
  })

  it('has pods of the standard restricted, that nothing throttles', () => {
    expect(podOf(deployment)).toMatchObject({
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
            livenessProbe: { httpGet: { path: '/healthz' } },
            readinessProbe: { httpGet: { path: '/readyz' } },
            resources: { requests: { memory: '128Mi' }, limits: { memory: '256Mi' } },
          },
        ],
      },
    })
    expect(manager).not.toHaveProperty('resources.limits.cpu')
  })

  it('has CRDs whose stored version is served, as stored objects need it', () => {
    const crds = ofKind(objects, 'CustomResourceDefinition')
    expect(crds.length).toBeGreaterThan(1)
    for (const { spec } of crds) {
      const { versions } = spec as {
        readonly versions: readonly { readonly served: boolean; readonly storage: boolean }[]
      }
      expect(versions.filter(({ storage }) => storage)).toMatchObject([{ served: true }])
    }
  })
})

it('metadata.yaml has the series of the version, and the contract that it speaks', () => {
  expect(objectsOf('metadata.yaml')).toEqual([
    {
      apiVersion: 'clusterctl.cluster.x-k8s.io/v1alpha3',
      kind: 'Metadata',
      releaseSeries: [{ major: 0, minor: 1, contract: 'v1beta2' }],
    },
  ])
})

it.each(['0.1.0', 'v1', 'v1.2', 'v01.2.3', 'v1.2.3+k0s.1', 'latest', ''])('%j is no version', text => {
  expect(() => releaseOf({ version: text, image: 'x' })).toThrow(`The version is ${JSON.stringify(text)}`)
})

describe('install.yaml', () => {
  const objects = objectsOf('install.yaml')

  it('has all of both providers, each object once, and no variable', () => {
    const both = providers.flatMap(({ type }) => objectsOf(`${type}-components.yaml`))
    const names = (list: readonly Item[]): string[] => list.map(one => `${one.kind} ${one.metadata.name}`).sort()
    expect(names(objects)).toEqual([...new Set(names(both))])
    expect(textOf('install.yaml')).not.toMatch(/\$\{/)
  })

  it('runs the same pods as the providers under clusterctl', () => {
    const images = ofKind(objects, 'Deployment').map(one => podOf(one).spec.containers[0]?.image)
    expect(images).toEqual(providers.map(() => `registry.example/k0smotron-ts:${version}`))
  })
})

describe('install-standalone.yaml', () => {
  const objects = objectsOf('install-standalone.yaml')

  it('has the kinds of k0smotron.io and one manager under k0smotron’s name for it', () => {
    const kinds = ofKind(objects, 'CustomResourceDefinition').map(({ metadata }) => metadata.name)
    expect(kinds.sort()).toEqual(['clusters.k0smotron.io', 'jointokenrequests.k0smotron.io'])
    const [deployment, ...others] = ofKind(objects, 'Deployment')
    expect(others).toEqual([])
    expect(deployment?.metadata.name).toBe('k0smotron-controller-manager')
    const { containers, serviceAccountName } = podOf(deployment).spec
    expect(serviceAccountName).toBe('k0smotron-standalone')
    expect(containers[0]?.args).toContain('--enable-controller=standalone')
    expect(containers[0]?.command.at(-1)).toBe('/k0smotron-ts/control-plane/main.mjs')
  })

  it('asks its webhooks about its own kinds alone', () => {
    const [configuration] = ofKind(objects, 'ValidatingWebhookConfiguration') as unknown as WithRules[]
    const groups = configuration?.webhooks.flatMap(({ rules }) => rules.flatMap(({ apiGroups }) => apiGroups)) ?? []
    expect(new Set(groups)).toEqual(new Set(['k0smotron.io']))
  })

  it('has no right to anything of Cluster API, and no variable', () => {
    const groups = objects.flatMap(({ rules = [] }) => rules.flatMap(({ apiGroups }) => apiGroups))
    expect(groups).toContain('k0smotron.io')
    expect(groups.filter(group => group.endsWith('cluster.x-k8s.io'))).toEqual([])
    expect(textOf('install-standalone.yaml')).not.toMatch(/\$\{/)
  })
})

it('crds.yaml has the kinds as they are committed', () => {
  const committed = releaseFiles().flatMap(({ path, content }) => (path.startsWith('crd/') ? loadAll(content) : []))
  const byName = (list: readonly unknown[]): unknown[] =>
    (list as Item[]).toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
  expect(byName(objectsOf('crds.yaml'))).toEqual(byName(committed))
})

it.each([
  ['control-plane-components.yaml', 'control-plane-k0smotron'],
  ['install-standalone.yaml', 'standalone-k0smotron'],
])('the pods of %s have the label by which etcd lets them in', (path, value) => {
  const labels = ofKind(objectsOf(path), 'Deployment').map(one => podOf(one).metadata.labels)
  expect(labels).toMatchObject([{ 'cluster.x-k8s.io/provider': value }])
})

it.each([
  ['bootstrap-components.yaml', 'ca4c50b905dc21ea17a10549a6f5944f.k0smotron.io'],
  ['control-plane-components.yaml', 'f6ddf68f34963ade25bce356fc63d572.k0smotron.io'],
  ['install-standalone.yaml', '083a7d1ebf6f499af0c1b1bb489b4941.k0smotron.io'],
])('the Lease of %s has the id that k0smotron gives it, of what it enables', (path, id) => {
  const { args = [] } = podOf(ofKind(objectsOf(path), 'Deployment')[0]).spec.containers[0] ?? {}
  const [enabled = ''] = args.flatMap(arg => arg.match(/^--enable-controller=(.+)/)?.[1] ?? [])
  expect(leaseName(enabled)).toBe(id)
})

it('the same options give the same bytes', () => {
  const again = releaseOf({ version, image: 'registry.example/k0smotron-ts' })
  const digest = (list: typeof files): string => createHash('sha256').update(JSON.stringify(list)).digest('hex')
  expect(digest(again)).toBe(digest(files))
})

describe('the Helm chart', () => {
  const templates = files.filter(({ path }) => path.startsWith('chart/templates/'))

  it('has all of install.yaml but the namespace', () => {
    const names = (list: readonly Item[]): string[] => list.map(one => `${one.kind} ${one.metadata.name}`).sort()
    // an expression alone is no YAML, though it is where a number stands
    const objects = templates.flatMap(({ content }) => loadAll(content.replace(/replicas: \{\{.*\}\}/, 'replicas: 1')))
    const installed = objectsOf('install.yaml').filter(({ kind }) => kind !== 'Namespace')
    expect(names(objects as Item[])).toEqual(names(installed))
  })

  it('leaves the kinds there when it is uninstalled: with them every cluster would go', () => {
    const kinds = templates.flatMap(({ content }) => content.match(/^kind: CustomResourceDefinition$/gm) ?? [])
    const kept = templates.flatMap(({ content }) => content.match(/^ {4}helm\.sh\/resource-policy: keep$/gm) ?? [])
    expect(kinds.length).toBeGreaterThan(0)
    expect(kept.length).toBe(kinds.length)
  })

  it('has no expression but those of its values, and of the namespace that Helm installs into', () => {
    const found = new Set(templates.flatMap(({ content }) => content.match(/\{\{[^}]*\}\}/g) ?? []))
    expect([...found].sort()).toEqual([
      '{{ .Release.Namespace }}',
      '{{ .Values.featureGates }}',
      '{{ .Values.image.repository }}',
      '{{ .Values.image.tag }}',
      '{{ .Values.replicas }}',
    ])
    for (const { content } of templates) expect(content).not.toMatch(/namespace: k0smotron$/m)
  })
})
