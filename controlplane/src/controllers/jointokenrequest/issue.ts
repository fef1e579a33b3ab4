// Makes the token, once: here, then in the workload cluster — shell
import { joinTokenCondition } from '@k0smotron-ts/api'
import {
  type Applied,
  type KubeSecret,
  NotOursError,
  type Shell,
  secrets,
  timeText,
  type Wait,
} from '@k0smotron-ts/runtime'
import { attempt, newBootstrapToken, projectToken, revokeToken, setTokenEnd } from '@k0smotron-ts/runtime/shell'
import { labelsOf, roleOf, subjectOf } from './identity.ts'
import type { Observed } from './observed.ts'
import type { Issue } from './plan.ts'
import { isOwnedBy, tokenData, tokenIn, tokenSecret } from './token.ts'
import { inWorkload, type OpenWorkload, openWorkload, type Ports } from './workload.ts'

const { joinTokenSecretCreated } = joinTokenCondition

/** `tokenID`: known here and in the workload cluster. */
export interface Issued {
  readonly applied: readonly Applied[]
  readonly tokenID?: string
  /** Absent with `tokenID`, and while it is a matter of seconds. */
  readonly wait?: Wait
}

/** Nothing is left to do: asks nobody. */
export function isSettled({ request, secrets: known }: Observed, issue: Issue): boolean {
  const { status, metadata } = request
  const token = tokenIn(known.token)
  const created = status?.conditions?.find(({ type }) => type === joinTokenSecretCreated)
  return (
    token !== undefined &&
    created?.status === 'True' &&
    created.observedGeneration === metadata.generation &&
    status?.tokenID === token.id &&
    status.expiresAt === (issue.expiresAt && timeText(issue.expiresAt)) &&
    known.token?.data?.token === tokenData(request, issue, token).token
  )
}

/**
 * The Secret comes first, create-only: a pass that did not get further left it, and the next one goes on with it. Only when
 * the workload cluster can be asked, so that nobody is handed a token which it does not know.
 */
export async function issueToken(observed: Observed, issue: Issue, shell: Shell, ports: Ports): Promise<Issued> {
  const workload = openWorkload(observed, issue, ports)
  if (workload.kind === 'closed') return { applied: [], ...(workload.wait && { wait: workload.wait }) }
  const stopped = await revokeOfOtherRole(observed, workload)
  if (stopped) return stopped
  const stored = await attempt({
    object: observed.request,
    concerns: joinTokenSecretCreated,
    write: () => storeToken(observed, issue, shell),
  })
  if (!stored.result) return { applied: [stored.applied] }
  return makeKnown(observed, issue, { shell, workload, secret: stored.result })
}

/** The workload cluster goes on knowing a token with the role it was made for. */
async function revokeOfOtherRole(observed: Observed, workload: OpenWorkload): Promise<Issued | undefined> {
  const { request, secrets: known } = observed
  const token = known.token && isOwnedBy(known.token, request) ? tokenIn(known.token) : undefined
  return token && token.role !== roleOf(request) ? notRevoked(observed, workload, token.id) : undefined
}

/** What is there wins, if it is of the role; its text follows the endpoint and the authority. */
async function storeToken({ request, secrets: known }: Observed, issue: Issue, shell: Shell): Promise<KubeSecret> {
  const live = known.token ?? (await shell.mint(secrets, tokenSecret(request, issue, newBootstrapToken())))
  if (!isOwnedBy(live, request)) throw new NotOursError(live)
  const token = tokenIn(live)
  if (!token) throw new NotOursError(live, 'it holds no join token: delete it')
  const data = tokenData(request, issue, token.role === roleOf(request) ? token : newBootstrapToken())
  if (live.data?.token === data.token) return live
  const labels = { ...live.metadata.labels, ...labelsOf(request) }
  return shell.renew(secrets, { ...live, metadata: { ...live.metadata, labels }, data })
}

const attempts = 3

interface Knowing {
  readonly shell: Shell
  readonly workload: OpenWorkload
  readonly secret: KubeSecret
}

/** Where another has the id already, the token is made anew: no machine can have joined with it. */
async function makeKnown(observed: Observed, issue: Issue, { shell, workload, secret }: Knowing): Promise<Issued> {
  const { request } = observed
  let live = secret
  for (let round = 0; round < attempts; round++) {
    const token = tokenIn(live) ?? newBootstrapToken()
    const asked = await inWorkload(workload, observed, async () => {
      const found = await projectToken(workload.client, subjectOf(request), { token, until: issue.expiresAt })
      return { found: found && (await setTokenEnd(workload.client, found, issue.expiresAt)) }
    })
    if (!asked.result) return { applied: asked.applied ? [asked.applied] : [], ...(asked.wait && { wait: asked.wait }) }
    if (asked.result.found) return revokeOthers(observed, workload, token.id)
    live = await shell.renew(secrets, { ...live, data: tokenData(request, issue, newBootstrapToken()) })
  }
  throw new Error(`no free id for a bootstrap token in ${attempts} attempts`)
}

/** Whose Secret was deleted gets another token, and the one before lets nobody in any more. */
async function revokeOthers(observed: Observed, workload: OpenWorkload, tokenID: string): Promise<Issued> {
  const before = observed.request.status?.tokenID
  const stopped = before === undefined || before === tokenID ? undefined : notRevoked(observed, workload, before)
  return (await stopped) ?? { applied: [], tokenID }
}

/** What keeps that token from being taken back; `undefined`: it lets nobody in any more. */
async function notRevoked(observed: Observed, workload: OpenWorkload, id: string): Promise<Issued | undefined> {
  const subject = subjectOf(observed.request)
  const asked = await inWorkload(workload, observed, () => revokeToken(workload.client, subject, { id }))
  if (asked.applied?.result === 'applied') return undefined
  return { applied: asked.applied ? [asked.applied] : [], ...(asked.wait && { wait: asked.wait }) }
}
