// The bootstrap provider — shell
import { conversion, isOfItsKind, watchFilterLabel } from '@k0smotron-ts/api'
import { type ConnectionConfig, type Transport, version } from '@k0smotron-ts/runtime'
import { guardedTransport, type Provider, UsageError } from '@k0smotron-ts/runtime/shell'
import { admissionRules } from './admission/admission.ts'
import { createK0sWorkerConfigController } from './controllers/k0sworkerconfig/controller.ts'
import { webhooks } from './webhooks.ts'

/** k0smotron's field manager, so that what it stored can be told from what others did. */
const fieldManager = 'k0s-bootstrap'

export interface BootstrapOptions {
  /** How requests get to workload clusters; a test may break them. */
  readonly transport?: (connection: ConnectionConfig) => Transport
}

export function bootstrapProvider({ transport: given }: BootstrapOptions = {}): Provider {
  const userAgent = `${fieldManager}/${version}`
  return {
    name: 'bootstrap',
    fieldManager,
    controllers: ({ clock, random, log, managementHost: management, flags }) => {
      const { namespace, hostedApi, allowWorkloadAddresses: allowed } = flags
      // whose Services they are is the control plane provider's knowledge: a kubeconfig names the endpoint alone
      if (!hostedApi.includes('endpoint')) {
        throw new UsageError('--hosted-api=service: workload clusters are reached by the endpoint in their kubeconfigs')
      }
      const transport = given ?? guardedTransport({ allowed, management })
      const within = namespace === undefined ? {} : { namespace }
      const deps = { clock, random, log, fieldManager, userAgent, transport, ...within }
      return [createK0sWorkerConfigController(deps)]
    },
    watchFilterLabel,
    webhooks: { declaration: webhooks, rules: { admission: admissionRules, isOfItsKind, conversion } },
  }
}
