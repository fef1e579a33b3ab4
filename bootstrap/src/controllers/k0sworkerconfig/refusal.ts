// What a failure means to who reads the object — shell
import { dataSecret } from '@k0smotron-ts/api'
import { ApiError, type ApiErrorReason, type Wait } from '@k0smotron-ts/runtime'
import { WorkloadError } from './workload.ts'

const { applyRefused, controlPlaneUnreachable, workloadRefused } = dataSecret.dataSecretReason

const lasting: readonly ApiErrorReason[] = ['Forbidden', 'Invalid', 'BadRequest', 'Unknown']

/** What stays so until someone acts: they must read it on the object, not in our log. */
export function refusalOf(error: unknown): Wait | undefined {
  if (isUnreachable(error)) return { reason: controlPlaneUnreachable, message: error.message }
  const isWorkloads = error instanceof WorkloadError
  const cause = isWorkloads ? error.cause : error
  if (!(cause instanceof ApiError) || !lasting.includes(cause.reason)) return undefined
  return isWorkloads
    ? { reason: workloadRefused, message: error.message }
    : { reason: applyRefused, message: cause.message }
}

/** Nobody answers in the hosted cluster; the pool asks from now on. */
export function isUnreachable(error: unknown): error is WorkloadError {
  return error instanceof WorkloadError && error.isUnreachable
}
