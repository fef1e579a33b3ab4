// A scenario in the lab, with the stand-in and with the real k0s — shell
import { labUnavailable } from '@k0smotron-ts/hack/lab'
import { describe } from 'vitest'
import type { K0sChoice } from '../../harness/k0s.ts'
import { realK0sUnavailable } from '../../harness/real-k0s.ts'

/** What cannot run here is skipped, under the reason why; hack/test-results.ts tells by it what may be skipped in CI. */
export function describeWithEachK0s(title: string, body: (k0s: K0sChoice) => void, missing?: string): void {
  const common = labUnavailable() ?? missing
  const choices = [
    { kind: 'stand-in', unavailable: common },
    { kind: 'real', unavailable: common ?? realK0sUnavailable() },
  ] as const
  for (const { kind, unavailable } of choices) {
    const reason = unavailable === undefined ? '' : ` (${unavailable})`
    describe.skipIf(unavailable)(`${title}, ${kind} k0s${reason}`, () => body({ kind }))
  }
}
