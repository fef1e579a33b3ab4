// Reports where a K0smotronControlPlane stands — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import type { Shell } from '@k0smotron-ts/runtime'
import { reportStatus } from '../../../hosted/report/report.ts'
import type { Pass, StatusDraft } from './status.ts'

export async function report(
  shell: Shell,
  { applied, observed }: Pass,
  status: StatusDraft | undefined,
): Promise<void> {
  const reported = { type: k0smotronControlPlane, object: observed.controlPlane, observed: observed.hosted, applied }
  if (status) await reportStatus(shell, reported, status)
}
