// A client that is not the product's: what checks a release may share no fault with it — shell
import {
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  KubernetesObjectApi,
  Watch,
} from '@kubernetes/client-node'

/** What scenarios look at of any kind. */
export interface Seen extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>
  readonly status?: {
    readonly observedGeneration?: number
    readonly nodeRef?: { readonly name?: string }
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
}

export interface Subjects {
  readonly apiVersion: string
  /** Where it is served is discovered. */
  readonly kind: string
  readonly namespace?: string
  readonly labelSelector?: string
  /** So long the state may take before the test is told what was seen last. */
  readonly patienceMs: number
}

export interface Subject extends Subjects {
  readonly name: string
}

export interface IndependentClient {
  /** The object once `holds` says so of it; `undefined` stands for its absence. */
  until(subject: Subject, holds: (object: Seen | undefined) => boolean): Promise<Seen>
  /** All these objects once `holds` says so of them; woken by a watch. */
  untilAll(subjects: Subjects, holds: (objects: readonly Seen[]) => boolean): Promise<readonly Seen[]>
}

/** Requests as whom the kubeconfig at this path says. */
export function independentClient(kubeconfig: string): IndependentClient {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const parts = { api: config.makeApiClient(ListedObjects), watch: new Watch(config) }
  return {
    untilAll: (subjects, holds) => untilAll(parts, subjects, holds),
    async until({ name, ...subjects }, holds) {
      const selected = { ...subjects, fieldSelector: `metadata.name=${name}` }
      const [object] = await untilAll(parts, selected, ([one]) => holds(one))
      return object as Seen
    },
  }
}

class ListedObjects extends KubernetesObjectApi {
  /** Of the list, where it can be watched too. */
  pathOf({ apiVersion, kind, namespace }: Subjects): Promise<string> {
    return this.specUriPath({ apiVersion, kind, metadata: { ...(namespace && { namespace }) } }, 'list')
  }

  listOf({ apiVersion, kind, namespace, fieldSelector, labelSelector }: Selected): Promise<KubernetesListObject<Seen>> {
    const unset = undefined
    return this.list(apiVersion, kind, namespace, unset, unset, unset, fieldSelector, labelSelector)
  }
}

interface Parts {
  readonly api: ListedObjects
  readonly watch: Watch
}

interface Selected extends Subjects {
  readonly fieldSelector?: string
}

async function untilAll(
  { api, watch }: Parts,
  subjects: Selected,
  holds: (objects: readonly Seen[]) => boolean,
): Promise<readonly Seen[]> {
  const { kind, fieldSelector, labelSelector, patienceMs } = subjects
  const path = await api.pathOf(subjects)
  const patience = AbortSignal.timeout(patienceMs)
  for (;;) {
    const { items, metadata } = await api.listOf(subjects)
    if (holds(items)) return items
    if (patience.aborted) throw new Error(`${kind} did not get there; last seen: ${JSON.stringify(items)}`)
    const since = { fieldSelector, labelSelector, resourceVersion: metadata?.resourceVersion }
    await change({ watch, path, since }, patience)
  }
}

interface Watched {
  readonly watch: Watch
  readonly path: string
  readonly since: Readonly<Record<string, string | undefined>>
}

/** Resolves at the first change since then, or when the server ends the watch, or patience ends; a refusal is thrown. */
async function change({ watch, path, since }: Watched, patience: AbortSignal): Promise<void> {
  const { promise: woken, resolve, reject } = Promise.withResolvers<void>()
  const wake = (): void => resolve()
  const end = (error?: { readonly statusCode?: number }): void =>
    error?.statusCode === undefined ? resolve() : reject(error)
  patience.addEventListener('abort', wake)
  const watching = await watch.watch(path, since, wake, end)
  try {
    await woken
  } finally {
    patience.removeEventListener('abort', wake)
    watching.abort()
  }
}
