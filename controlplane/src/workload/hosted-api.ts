// How the operator reaches hosted API servers — shell
import { hostPort, type ObjectKey } from '@k0smotron-ts/api'
import { type Client, type Clock, connectionFromSecret, printKey } from '@k0smotron-ts/runtime'
import { createClient, undiciTransport } from '@k0smotron-ts/runtime/shell'
import { isReady } from '../hosted/facts/pods.ts'
import type { HostedAPI, Observed } from '../hosted/observed.ts'
import { Prober } from './prober.ts'

/** `service`: the Service in the hosting cluster; `endpoint`: what workers use. Outside of the cluster only the latter is there. */
export type Way = 'service' | 'endpoint'

export interface HostedAPIDeps {
  /** Tried in this order. */
  readonly ways: readonly Way[]
  readonly userAgent: string
  readonly clock: Clock
  readonly random: () => number
  /** Called when an answer changed. */
  readonly onChange: (id: string) => void
}

export interface HostedAPIs {
  ask(observed: Observed): HostedAPI | undefined
  stopAsking(key: ObjectKey): void
  close(): void
}

export function createHostedAPIs(deps: HostedAPIDeps): HostedAPIs {
  const prober = new Prober(deps)
  return {
    ask: observed => {
      const { secrets, owner } = observed
      const servers = serversOf(deps.ways, observed)
      const kubeconfig = secrets.kubeconfig?.data?.value ?? ''
      return prober.look(printKey({ namespace: owner.namespace, name: owner.name }), {
        identity: [...servers, identityOf(observed)].join(' '),
        ask: () => askThrough(deps, servers, kubeconfig),
      })
    },
    stopAsking: key => prober.forget(printKey(key)),
    close: () => prober.close(),
  }
}

/** A pod that got ready, another revision and another credential are each a reason to ask at once, and anew. */
function identityOf(observed: Observed): string {
  const ready = observed.k0sPods.filter(isReady)
  const pods = ready.map(({ metadata }) => `${metadata.uid}`).toSorted()
  return [...pods, observed.secrets.kubeconfig?.metadata.resourceVersion].join(' ')
}

/** `undefined`: the server that the kubeconfig names. */
function serversOf(ways: readonly Way[], observed: Observed): (string | undefined)[] {
  return ways.flatMap(way => (way === 'endpoint' ? [undefined] : serviceServer(observed)))
}

function serviceServer(observed: Observed): string[] {
  const { service } = observed.exposure
  const port = service?.spec?.ports?.find(({ name }) => name === 'api')?.port
  if (!service || port === undefined) return []
  return [`https://${hostPort({ host: `${service.metadata.name}.${service.metadata.namespace}.svc`, port })}`]
}

function askThrough(deps: HostedAPIDeps, servers: readonly (string | undefined)[], kubeconfig: string) {
  const connection = connectionFromSecret(Buffer.from(kubeconfig, 'base64'), deps.userAgent)
  const clients: Client[] = servers.map(server =>
    createClient(undiciTransport({ ...connection, ...(server !== undefined && { server }) })),
  )
  return { clients, close: () => void Promise.allSettled(clients.map(client => client.close())) }
}
