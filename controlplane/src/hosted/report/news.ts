// What of a status is news, for Events — core
import { type Condition, controlPlaneCondition, hostPort, notSupported } from '@k0smotron-ts/api'
import { type ConditionDraft, conditionIn, type EventNote, isFailure, notesOf } from '@k0smotron-ts/runtime'
import type { Endpoint } from '../input.ts'

const { anyPhaseReason, available, availableReason, endpointReason, initialized, kubeconfigAvailable, movable } =
  controlPlaneCondition
const { certificatesExpiring, datastoreReason, oidcDocumentsAvailable, oidcReason } = controlPlaneCondition
const { rollingOut, scalingDown, scalingUp } = controlPlaneCondition

/** What Events say beyond the conditions. */
export interface Details {
  /** How the API server is reached. */
  readonly access: { readonly endpoint?: Endpoint; readonly secret: string }
  /** What the management API server said when it refused something. */
  readonly words?: string
}

/** The last one says that the control plane can be used, and how. */
export function eventsFor(
  before: readonly Condition[] | undefined,
  conditions: readonly ConditionDraft[],
  details: Details,
): EventNote[] {
  const isUp = conditionIn(before, initialized)?.status === 'True'
  const news = conditions.filter(condition => isNews(condition, conditionIn(before, condition.type), isUp))
  const ordered = [...news.filter(({ type }) => type !== available), ...news.filter(({ type }) => type === available)]
  return notesOf(before, ordered, isTrouble).map(note => detailed(note, details))
}

/** `isUp`: the API server has answered before; what was made on the way there needs no Event any more. */
function isNews(condition: ConditionDraft, known: Condition | undefined, isUp: boolean): boolean {
  const { status, reason, type } = condition
  if (status === 'True') return isGoodNews(condition, known, isUp)
  if (type === available) return isUp
  return status === 'False' && (isBadNews(condition) || (isUp && reason === endpointReason.waitingForAnswer))
}

/** Repeated by other conditions, or shown by the pods. */
const quiet: readonly string[] = [kubeconfigAvailable, initialized, oidcDocumentsAvailable, scalingUp, scalingDown]
/** True as long as something goes on that people should know. */
const passing: readonly string[] = [
  available,
  certificatesExpiring,
  rollingOut,
  movable,
  notSupported,
  'Paused',
  'Deleting',
]

function isGoodNews({ type }: ConditionDraft, known: Condition | undefined, isUp: boolean): boolean {
  if (passing.includes(type)) return true
  if (quiet.includes(type)) return false
  return !isUp || (known !== undefined && isTrouble(known))
}

/** Waits that nobody but a person may end. */
const needsSomeone: readonly string[] = [
  endpointReason.waitingForLoadBalancer,
  endpointReason.waitingForNodeAddress,
  datastoreReason.waitingForDataSource,
  anyPhaseReason.waitingForOwner,
]

function isBadNews(condition: ConditionDraft): boolean {
  return needsSomeone.includes(condition.reason) || isTrouble(condition)
}

/** As somebody wants it, or as it has to be in the beginning. */
const noTrouble: readonly string[] = [availableReason.notInitialized, oidcReason.keysElsewhere]

function isTrouble(condition: ConditionDraft): boolean {
  const { type, reason } = condition
  if (type === notSupported) return true
  return isFailure(condition) && type !== movable && !noTrouble.includes(reason)
}

/** The message promises the server's answer in an Event. */
const hasWords: readonly string[] = [anyPhaseReason.applyRefused, anyPhaseReason.requestsFailing]

function detailed(note: EventNote, { access, words }: Details): EventNote {
  if (hasWords.includes(note.reason) && words !== undefined) return { ...note, message: words }
  if (note.reason !== availableReason.available || !access.endpoint) return note
  const message = `the API server answers at https://${hostPort(access.endpoint)}; Secret ${access.secret} has the kubeconfig`
  return { ...note, message }
}
