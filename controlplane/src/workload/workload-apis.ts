// How the operator asks the API servers of workload clusters — shell
import { hostPort, type ObjectKey } from '@k0smotron-ts/api'
import { KubeconfigError, printKey, type Service, type WorkloadAnswer } from '@k0smotron-ts/runtime'
import { type Reach, WorkloadPool, type WorkloadPoolDeps } from '@k0smotron-ts/runtime/shell'
import { isReady } from '../hosted/facts/pods.ts'
import type { Observed } from '../hosted/observed.ts'

/** `service`: the Service in the hosting cluster; `endpoint`: what workers use. Outside of the cluster only the latter is there. */
export type Way = 'service' | 'endpoint'

export interface WorkloadAPIsDeps extends Omit<WorkloadPoolDeps, 'asksWhileReady'> {
  /** Tried in this order. */
  readonly ways: readonly Way[]
}

export interface WorkloadAPIs {
  /** The last answer; asking goes on until told to stop. */
  ask(observed: Observed): WorkloadAnswer | undefined
  stopAsking(key: ObjectKey): void
  close(): void
}

export function createWorkloadAPIs({ ways, ...deps }: WorkloadAPIsDeps): WorkloadAPIs {
  const pool = new WorkloadPool({ ...deps, asksWhileReady: true })
  return {
    ask: observed => {
      const { namespace, name } = observed.owner
      const key = { namespace, name }
      const [first, ...others] = waysTo(observed, ways)
      if (!first) return { ready: false, message: 'there is no Service to reach the API server through' }
      try {
        return pool.ask(printKey(key), key, { ...kubeconfigOf(observed), ways: [first, ...others] })
      } catch (error) {
        if (!(error instanceof KubeconfigError)) throw error
        return { ready: false, message: `Secret ${observed.names.kubeconfig}: ${error.message}` }
      }
    },
    stopAsking: key => pool.forget(printKey(key)),
    close: () => void pool.close(),
  }
}

/** A pod that got ready, another revision and another credential are each a reason to ask at once, and anew. */
function kubeconfigOf({ secrets: { kubeconfig }, k0sPods }: Observed): Pick<Reach, 'kubeconfig' | 'revision'> {
  const ready = k0sPods.filter(isReady)
  const pods = ready.map(({ metadata }) => `${metadata.uid}`).toSorted()
  return {
    kubeconfig: Buffer.from(kubeconfig?.data?.value ?? '', 'base64'),
    revision: [...pods, kubeconfig?.metadata.resourceVersion].join(' '),
  }
}

function waysTo(observed: Observed, ways: readonly Way[]): Reach['ways'][number][] {
  const { kubeconfig } = observed.names
  const { service } = observed.exposure
  const viaService = service ? throughService(service) : []
  return ways.flatMap(way => (way === 'endpoint' ? [{ from: `Secret ${kubeconfig}` }] : viaService))
}

/** None while the Service has no port for it. */
export function throughService({ metadata, spec }: Service): Reach['ways'][number][] {
  const port = spec?.ports?.find(({ name }) => name === 'api')?.port
  if (port === undefined) return []
  const { name, namespace } = metadata
  return [{ server: `https://${hostPort({ host: `${name}.${namespace}.svc`, port })}`, from: `Service ${name}` }]
}
