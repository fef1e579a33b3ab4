// One question to the API server of a workload cluster, through each way to it — shell
import { parseJsonText } from '@k0smotron-ts/api'
import { createClient } from '../client/client.ts'
import type { Transport } from '../client/transport/transport.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import { type EndpointFinding, type Place, silentMessage, statusMessage, type WorkloadAnswer } from './answer.ts'
import { budgetedTransport, type ServerAnswer } from './limited-transport.ts'
import type { Finding } from './prober.ts'

/** One way to an API server. */
export interface Way extends Place {
  readonly transport: Transport
  /** The server that the kubeconfig names, which others are told too. */
  readonly isEndpoint: boolean
}

const budgetMs = limits.workloadQuestionMilliseconds.value

interface WayAnswer {
  /** 200. */
  readonly isReady: boolean
  /** Why not; absent when nobody answers. */
  readonly message?: string
  readonly wasRefused?: boolean
  readonly retryAfterMs?: number | undefined
  readonly isForeign?: boolean
  /** Why nobody answers, in the words of Node and OpenSSL; for the log, never for a condition. */
  readonly code?: string
}

export interface Questioner {
  /** Never throws: reaching nobody is an answer. */
  ask(before: WorkloadAnswer | undefined): Promise<Finding>
  /** Through which requests go: the one that answered last. */
  readonly current: Way
}

export interface QuestionDeps {
  /** Tried in this order. */
  readonly ways: readonly [Way, ...Way[]]
  readonly clock: Clock
  /** How long the server takes. */
  readonly stopwatch: Clock
}

/** The endpoint is looked at now and then when the answer came through another way: that is news for people, not for us. */
const endpointEveryMs = 300_000
const endpointAgainMs = 30_000

export function createQuestioner({ ways, clock, stopwatch }: QuestionDeps): Questioner {
  let current = ways[0]
  let endpointDueAt = 0

  async function endpointFinding(before: EndpointFinding | undefined): Promise<EndpointFinding | undefined> {
    const endpoint = ways.find(({ isEndpoint }) => isEndpoint)
    if (!endpoint) return undefined
    if (endpoint === current) return 'same'
    if (before !== undefined && clock.elapsed() < endpointDueAt) return before
    const finding = endpointOf(await askReady(endpoint, stopwatch))
    endpointDueAt = clock.elapsed() + (finding === 'same' ? endpointEveryMs : endpointAgainMs)
    return finding
  }

  return {
    get current() {
      return current
    },
    async ask(before) {
      const answers: WayAnswer[] = []
      for (const way of ways) {
        const answer = await askReady(way, stopwatch)
        answers.push(answer)
        if (!answer.isReady) continue
        current = way
        const version = before?.version ?? (await askVersion(way, stopwatch))
        const endpoint = await endpointFinding(before?.endpoint)
        return { answer: { ready: true, message: '', ...(version && { version }), ...(endpoint && { endpoint }) } }
      }
      return findingOf(ways, answers, before)
    },
  }
}

/** Nobody is ready: whoever answers says why, else all are silent. */
function findingOf(
  ways: QuestionDeps['ways'],
  answers: readonly WayAnswer[],
  before: WorkloadAnswer | undefined,
): Finding {
  const message = answers.find(one => one.message !== undefined)?.message ?? silentMessage(ways)
  const ofEndpoint = answers[ways.findIndex(({ isEndpoint }) => isEndpoint)]
  const endpoint = ofEndpoint && endpointOf(ofEndpoint)
  const version = before?.version
  const retryAfterMs = Math.max(0, ...answers.map(one => one.retryAfterMs ?? 0))
  return {
    answer: { ready: false, message, ...(version && { version }), ...(endpoint && { endpoint }) },
    wasRefused: answers.some(one => one.wasRefused),
    retryAfterMs,
    code: answers.flatMap(one => one.code ?? []).join(', '),
  }
}

function endpointOf({ isReady, isForeign, message }: WayAnswer): EndpointFinding {
  if (isForeign) return 'foreign'
  return isReady || message !== undefined ? 'same' : 'silent'
}

async function askReady(way: Way, clock: Clock): Promise<WayAnswer> {
  const seen: { answer?: ServerAnswer } = {}
  const client = clientOf(way, clock, answer => {
    seen.answer = answer
  })
  try {
    const { status } = await client.probe('/readyz', { timeoutMs: budgetMs })
    const retryAfterMs = seen.answer?.retryAfterMs
    return status === 200 ? { isReady: true } : { isReady: false, message: statusMessage(way, status), retryAfterMs }
  } catch (error) {
    const codes = codesOf(error)
    const isForeign = codes.some(code => foreignCodes.has(code))
    return { isReady: false, wasRefused: codes.includes('ECONNREFUSED'), isForeign, code: codes[0] ?? '' }
  }
}

/** `undefined`: asked again with the next question. */
async function askVersion(way: Way, clock: Clock): Promise<string | undefined> {
  try {
    const { status, body } = await clientOf(way, clock).probe('/version', { timeoutMs: budgetMs })
    const { gitVersion } = (status === 200 ? (parseJsonText(body) ?? {}) : {}) as { gitVersion?: unknown }
    return typeof gitVersion === 'string' ? gitVersion.slice(0, maxVersionLength) : undefined
  } catch {
    return undefined
  }
}

/** A server of a tenant says which version it is, and conditions repeat it. */
const maxVersionLength = 64

function clientOf(
  { transport }: Way,
  clock: Clock,
  onAnswer: (answer: ServerAnswer) => void = () => undefined,
): Client {
  return createClient(budgetedTransport(transport, { clock, budgetMs, onAnswer }), 'no repeats')
}

/** Of OpenSSL, as Node passes them on: the server has a certificate of another authority. */
const foreignCodes: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
])

/** Of an error and of all that it wraps. */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string') codes.push(inner.code)
  }
  return codes
}
