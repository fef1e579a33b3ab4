// What is waited for, as it changes: the conditions' own messages — shell
import {
  type Condition,
  controlPlaneCondition,
  dataSecret,
  type KubeObject,
  k0smotronControlPlane,
  k0sWorkerConfig,
  machines,
  type ResourceType,
} from '@k0smotron-ts/api'
import { follow } from '@k0smotron-ts/hack/testenv'
import { type Client, conditionIn } from '@k0smotron-ts/runtime'
import { labCluster, labMachine } from '../lab-provider/index.ts'

const capi = { group: 'cluster.x-k8s.io', version: 'v1beta2', namespaced: true } as const
const machineSets: ResourceType = { ...capi, kind: 'MachineSet', plural: 'machinesets' }

interface WithStatus extends KubeObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] }
}

/** What an object says about itself; `undefined`: nothing yet. */
type Words = (object: WithStatus) => string | undefined

/** Of the object's own summary: its message, or that it is so. */
const wordsOf =
  (type: string): Words =>
  ({ status }) => {
    const condition = conditionIn(status?.conditions, type)
    if (!condition) return undefined
    return condition.status === 'True' ? `${type}${aside(condition)}` : condition.message || condition.reason
  }

const aside = ({ message }: Condition): string => (message ? `: ${message}` : '')

/** Why there is no Machine yet is nowhere else. */
const holdUp: Words = ({ status }) => {
  const message = conditionIn(status?.conditions, 'ScalingUp')?.message
  return message?.includes('blocked') ? message.replaceAll('\n*', '') : undefined
}

const tellers: readonly { readonly type: ResourceType; readonly words: Words }[] = [
  { type: k0smotronControlPlane, words: wordsOf(controlPlaneCondition.available) },
  { type: labCluster, words: wordsOf('Ready') },
  { type: machineSets, words: holdUp },
  { type: k0sWorkerConfig, words: wordsOf(dataSecret.dataSecretAvailable) },
  { type: labMachine, words: wordsOf('Ready') },
  { type: labMachine, words: wordsOf('BootstrapSucceeded') },
  { type: machines, words: ({ status }) => status?.phase },
]

export interface Story extends AsyncDisposable {
  /** What every object said last: the answer to "what does it wait for?". */
  readonly last: () => readonly string[]
}

/** Tells every change from now on until it is disposed of. */
export function followStory(client: Client, namespace: string, print: (line: string) => void): Story {
  const stopping = new AbortController()
  const said = new Map<string, string>()
  const following = tellers.map(({ type, words }, index) =>
    hearAll(client, type, { namespace, signal: stopping.signal }, object => {
      const text = words(object)
      const line = `${type.kind} ${object.metadata.name}: ${text}`
      const key = `${index} ${object.metadata.name}`
      if (text === undefined || said.get(key) === line) return
      said.set(key, line)
      print(line)
    }),
  )
  return {
    last: () => [...said.values()],
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await Promise.all(following)
    },
  }
}

/** Its end is not told: the story is for people, and who waits for a state watches it himself. */
async function hearAll(
  client: Client,
  type: ResourceType,
  selection: Parameters<typeof follow>[2],
  hear: (object: WithStatus) => void,
): Promise<void> {
  try {
    for await (const { changes } of follow<WithStatus>(client, type, selection))
      for (const { after } of changes) if (after) hear(after)
  } catch {}
}
