// Reconciles JoinTokenRequest — shell
import { isPaused, joinTokenFinalizer, joinTokenRequest, type ObjectKey } from '@k0smotron-ts/api'
import {
  type Action,
  type Applied,
  awaitChange,
  deadline,
  finalizerRemoval,
  keyOf,
  type Shell,
  settle,
  timeText,
  type Wait,
} from '@k0smotron-ts/runtime'
import { claimOf } from './claim.ts'
import { isSettled, issueToken } from './issue.ts'
import { observe } from './observe.ts'
import type { Observed } from './observed.ts'
import { type End, type Issue, planOf } from './plan.ts'
import { issuedStatus, refusedOr, report, waitingStatus, withdrawnStatus } from './report.ts'
import { deleteSecret, type Revoked, revoke } from './revoke.ts'
import type { Ports } from './workload.ts'

/** Level-triggered: every decision is made from `observed`, so a lost or repeated event changes nothing. */
export async function reconcile(key: ObjectKey, shell: Shell, ports: Ports): Promise<Action> {
  const observed = observe(key, shell)
  if (!observed || isPaused(undefined, observed.request)) {
    ports.workloads.leave(key)
    return awaitChange
  }
  if (observed.request.metadata.deletionTimestamp) return finalize(observed, shell, ports)
  const plan = planOf(observed)
  if (plan.kind === 'leave' || plan.kind === 'wait') ports.workloads.leave(key)
  switch (plan.kind) {
    case 'leave':
      await shell.delete(joinTokenRequest, observed.request)
      return awaitChange
    case 'withdraw':
      return withdraw(observed, plan, shell, ports)
    case 'end':
      return end(await claimed(observed, shell), plan, shell, ports)
    case 'issue':
      return issue(await claimed(observed, shell), plan, shell, ports)
    case 'wait':
      await report(shell, await claimed(observed, shell), waitingStatus(observed, plan.wait))
      return awaitChange
  }
}

/** The finalizer comes before the token, and the request goes with its Cluster. */
async function claimed(observed: Observed, shell: Shell): Promise<Observed> {
  const patch = claimOf(observed)
  return patch ? { ...observed, request: await shell.patch(joinTokenRequest, observed.request, patch) } : observed
}

/** Nothing that is watched tells when the time is over. */
async function issue(observed: Observed, plan: Issue, shell: Shell, ports: Ports): Promise<Action> {
  const next = deadline(awaitChange, observed.now, plan.expiresAt)
  if (isSettled(observed, plan)) {
    ports.workloads.leave(keyOf(observed.request))
    return next
  }
  const { applied, tokenID, wait } = await issueToken(observed, plan, shell, ports)
  if (tokenID !== undefined) await report(shell, observed, issuedStatus(observed, plan, tokenID))
  else await reportWait(shell, observed, { applied, wait })
  return settle(applied, next)
}

/** What is refused is told, and thrown for the queue only then. */
async function reportWait(shell: Shell, observed: Observed, { applied, wait }: Stopped): Promise<void> {
  const said = refusedOr(applied, wait)
  if (said) await report(shell, observed, waitingStatus(observed, said), 'words' in said ? said.words : undefined)
}

interface Stopped {
  readonly applied: readonly Applied[]
  readonly wait?: Wait | undefined
}

/** Nothing may be given out, and nothing that was may be used any more. */
async function withdraw(
  observed: Observed,
  { wait }: { readonly wait: Wait },
  shell: Shell,
  ports: Ports,
): Promise<Action> {
  const revoked = await revoke(observed, ports)
  if (!revoked.isDone) return stopped(shell, observed, revoked)
  ports.workloads.leave(keyOf(observed.request))
  const applied = await deleteSecret(observed, shell)
  await report(shell, observed, withdrawnStatus(refusedOr(applied, undefined) ?? wait))
  return settle(applied, awaitChange)
}

/** An expiry that was made shorter may be over before the end that the workload cluster knows. */
async function end(observed: Observed, { wait, expiresAt }: End, shell: Shell, ports: Ports): Promise<Action> {
  const revoked = await revoke(observed, ports)
  if (!revoked.isDone) return stopped(shell, observed, revoked)
  ports.workloads.leave(keyOf(observed.request))
  await report(shell, observed, { ...waitingStatus(observed, wait), expiresAt: timeText(expiresAt) })
  return awaitChange
}

/** The token is taken back before the request goes; its Secret goes by its owner. */
async function finalize(observed: Observed, shell: Shell, ports: Ports): Promise<Action> {
  const { request } = observed
  const removal = finalizerRemoval(request, joinTokenFinalizer)
  if (!removal) return awaitChange
  const revoked = await revoke(observed, ports)
  if (!revoked.isDone) return stopped(shell, observed, revoked)
  ports.workloads.leave(keyOf(request))
  await shell.patch(joinTokenRequest, request, removal)
  return awaitChange
}

/** Nobody has to answer any more once the token has ended by itself. */
async function stopped(shell: Shell, observed: Observed, { applied, wait }: Revoked): Promise<Action> {
  await reportWait(shell, observed, { applied, wait })
  const { expiresAt } = observed.request.status ?? {}
  return settle(applied, deadline(awaitChange, observed.now, expiresAt === undefined ? undefined : new Date(expiresAt)))
}
