// A kind with two versions, a rule for it, and a provider that serves both — shell
import { apiVersionOf, type KubeObject, type ResourceType } from '@k0smotron-ts/api'
import { clientOf, install, startTestEnv, type TestEnv } from '@k0smotron-ts/hack/testenv'
import { type Client, secrets } from '@k0smotron-ts/runtime'
import { certificateRules, electionRule, injectionRules, type WebhookDeclaration } from '@k0smotron-ts/runtime/rbac'
import type { ManagerFlags, Provider } from '@k0smotron-ts/runtime/shell'
import { convertedDefinitions } from '../../../src/webhook/certificates/injection.ts'

export const namespace = 'k0smotron'

const path = '/validate-things'

export const declaration: WebhookDeclaration = {
  service: 'things-webhooks',
  secret: 'things-webhook-certificates',
  definitions: ['things.example.org'],
  validating: {
    name: 'things',
    webhooks: [
      {
        name: 'things.example.org',
        path,
        failurePolicy: 'Fail',
        group: 'example.org',
        version: 'v1',
        resource: 'things',
        operations: ['CREATE', 'UPDATE'],
        matchConditions: { 'not-going': '!has(object.metadata.deletionTimestamp)' },
      },
    ],
  },
}

/** As the command line of a replica gives them. */
export const flagsOf = (webhookPort: number, leaderElect: boolean): ManagerFlags => ({
  enableController: '',
  leaderElect,
  concurrency: 1,
  insecureDiagnostics: true,
  hostedApi: ['endpoint'],
  allowWorkloadAddresses: [],
  logLevel: 'info',
  webhookPort,
})

export interface Thing extends KubeObject {
  readonly spec: { readonly colour?: string; readonly color?: string }
}

const thing = (version: string): ResourceType<Thing> => ({
  group: 'example.org',
  version,
  kind: 'Thing',
  plural: 'things',
  namespaced: true,
})

/** v1 is stored and says `colour`, v2 says `color`. */
export const [v1, v2] = [thing('v1'), thing('v2')]

export const thingsProvider: Provider = {
  name: 'things',
  fieldManager: 'things-manager',
  controllers: () => [],
  watchFilterLabel: 'example.org/watch-filter',
  webhooks: {
    declaration,
    rules: {
      admission: {
        [path]: ({ object }) => {
          const { colour } = (object as Thing).spec
          return colour === 'invisible'
            ? { refusal: 'spec.colour: nobody would see it', warnings: [] }
            : { warnings: [] }
        },
      },
      isOfItsKind: () => true,
      conversion: {
        handedOn: {},
        convert: (object, apiVersion) => {
          const { colour, color = colour } = object.spec as Thing['spec']
          const spec = apiVersion === apiVersionOf(v2) ? { color } : { colour: color }
          return { ...object, apiVersion, spec }
        },
      },
    },
  },
}

export interface World extends AsyncDisposable {
  readonly env: TestEnv
  readonly admin: Client
  /** What the CustomResourceDefinition says of whom to trust; PEM. */
  bundle(): Promise<string>
  /** The Secret's text under that key. */
  stored(key: string): Promise<string | undefined>
}

/** Webhooks are asked at this port of this machine. */
export async function startWorld(port: number): Promise<World> {
  const env = await startTestEnv()
  const admin = clientOf(env.connection)
  await install(admin, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }])
  await install(admin, [...rights(), definition(port), configuration(port)])
  const decoded = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString('utf8')
  return {
    env,
    admin,
    bundle: async () => {
      const live = await admin.get(convertedDefinitions, { name: 'things.example.org' })
      return decoded(live?.spec?.conversion?.webhook?.clientConfig?.caBundle)
    },
    stored: async key => {
      const live = await admin.get(secrets, { namespace, name: declaration.secret })
      return live?.data?.[key] === undefined ? undefined : decoded(live.data[key])
    },
    [Symbol.asyncDispose]: async () => {
      await admin.close()
      await env.stop()
    },
  }
}

export const account = { namespace, name: 'things' }

/** No more than what the declaration asks for. */
function rights(): readonly KubeObject[] {
  const group = 'rbac.authorization.k8s.io'
  const apiVersion = `${group}/v1`
  const subjects = [{ kind: 'ServiceAccount', ...account }]
  const [own, global] = [{ name: 'things', namespace }, { name: 'things' }]
  const objects = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
    { apiVersion, kind: 'Role', metadata: own, rules: [electionRule, ...certificateRules(declaration)] },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: own,
      subjects,
      roleRef: { apiGroup: group, kind: 'Role', name: 'things' },
    },
    { apiVersion, kind: 'ClusterRole', metadata: global, rules: injectionRules(declaration) },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: global,
      subjects,
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'things' },
    },
  ]
  return objects
}

function versionOf(name: string, field: string): object {
  const spec = { type: 'object', properties: { [field]: { type: 'string' } } }
  return {
    name,
    served: true,
    storage: name === 'v1',
    schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
  }
}

function definition(port: number): KubeObject {
  const clientConfig = { url: `https://localhost:${port}/convert` }
  const object = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.org' },
    spec: {
      group: 'example.org',
      names: { kind: 'Thing', plural: 'things' },
      scope: 'Namespaced',
      versions: [versionOf('v1', 'colour'), versionOf('v2', 'color')],
      conversion: { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1'] } },
    },
  }
  return object
}

function configuration(port: number): KubeObject {
  const { name, webhooks } = declaration.validating
  const object = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: webhooks.map(webhook => ({
      name: webhook.name,
      failurePolicy: webhook.failurePolicy,
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      timeoutSeconds: 30,
      clientConfig: { url: `https://localhost:${port}${webhook.path}` },
      rules: [
        {
          apiGroups: [webhook.group],
          apiVersions: [webhook.version],
          resources: [webhook.resource],
          operations: webhook.operations,
        },
      ],
      matchConditions: Object.entries(webhook.matchConditions).map(([condition, expression]) => ({
        name: condition,
        expression,
      })),
    })),
  }
  return object
}
