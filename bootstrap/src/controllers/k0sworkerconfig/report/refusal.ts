// What was refused in a pass, and what that means to who reads the object — core
import { dataSecret } from '@k0smotron-ts/api'
import { type Applied, lastingFailureIn, type Refusal, refusalIn, remedyIn, type Wait } from '@k0smotron-ts/runtime'
import { WorkloadError } from '../workload-error.ts'

const { applyRefused, workloadRefused } = dataSecret.dataSecretReason

/** A wait whose cause has words of its own that may differ each time: they are for an Event. */
export interface RefusedWait extends Wait {
  readonly words: string
}

/** What of the condition's concern stays so until someone acts. */
export function refusedWait(applied: readonly Applied[], concern: string): RefusedWait | undefined {
  const concerned = applied.filter(({ concerns }) => concerns === concern)
  const there = concerned.flatMap(({ error, ...one }) =>
    error instanceof WorkloadError ? [{ ...one, error: error.cause as Error }] : [],
  )
  return (
    named(workloadRefused, refusalIn(there, mayTheUser)) ??
    named(applyRefused, refusalIn(concerned, remedyIn(concerned))) ??
    lastingFailureIn(concerned)
  )
}

const mayTheUser = 'may the user of the kubeconfig Secret write Secrets in kube-system and patch nodes there?'

function named(reason: string, refusal: Refusal | undefined): RefusedWait | undefined {
  return refusal && { reason, message: refusal.message, words: refusal.words }
}

/** Nobody answered. The cluster counts as unreachable now, and who opened it was woken: nothing is to be tried again. */
export function isSilence({ error }: Applied): boolean {
  return error instanceof WorkloadError && error.isUnreachable
}
