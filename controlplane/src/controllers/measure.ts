// Metrics of one control plane, of whatever kind, after a pass — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import type { Applied } from '@k0smotron-ts/runtime'
import { certificateReport } from '../hosted/facts/certificates.ts'
import { wantedReplicas } from '../hosted/facts/members.ts'
import type { Observed } from '../hosted/observed.ts'
import { controlPlaneReport, type Measured, type MeasuredStatus } from '../hosted/report/metrics.ts'
import type { HostedControllerDeps } from './hosted-controller.ts'

type Deps = Pick<
  HostedControllerDeps,
  'certificateMetrics' | 'controlPlaneMetrics' | 'elapsed' | 'members' | 'stopAsking'
>

interface PassMeasured {
  readonly object: Measured
  readonly before: Observed
  readonly after: Observed
  readonly applied: readonly Applied[]
  /** Absent where the pass has nothing to say: what is stored stays. */
  readonly status: MeasuredStatus | undefined
  /** By the clock of `deps.elapsed`. */
  readonly begunAt: number
}

/** Before the report, which can fail: what is true is true whether it can be written or not. */
export function measure({ object, before, after, applied, status, begunAt }: PassMeasured, deps: Deps): void {
  const { clusterName: cluster, now, owner } = after
  const about = { namespace: owner.namespace, name: owner.name, kind: owner.type.kind }
  const tookMs = deps.elapsed() - begunAt
  deps.certificateMetrics(about, certificateReport(before, after, applied))
  const databases = after.datastoreMembers?.databases
  const moment = { cluster, now, tookMs, wantedReplicas: wantedReplicas(after), ...(databases && { databases }) }
  deps.controlPlaneMetrics(about, controlPlaneReport(object, status, moment))
}

/** The object is gone: its API server is asked no more, and its series end. */
export function forget(about: ObjectKey & { readonly kind: string }, deps: Deps): void {
  deps.stopAsking(about)
  deps.members.stopAsking(about)
  deps.certificateMetrics(about, undefined)
  deps.controlPlaneMetrics(about, undefined)
}
