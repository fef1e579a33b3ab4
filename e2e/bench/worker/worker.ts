// From a Machine's owner to its bootstrap data — shell
import { join } from 'node:path'
import { k0sWorkerConfig } from '@k0smotron-ts/api'
import { bundleManagers } from '@k0smotron-ts/hack/managers'
import { clientOf, type Management, startManagement, startTestEnv, type TestEnv } from '@k0smotron-ts/hack/testenv'
import { secrets } from '@k0smotron-ts/runtime'
import { namespace } from '../fleet/control-planes.ts'
import { covered, requestSpans, type Span } from '../measure/api-time.ts'
import { startManager } from '../measure/manager-process.ts'
import type { Row } from '../row.ts'
import type { Scenario } from '../scenario.ts'
import { makeMachine, makeReadyCluster } from './worker-world.ts'

const scenario = 'worker'
const count = 20
/** The user agent of who sets the owner: that request does not count as waiting either. */
const core = 'core-stand-in'
const userAgents = [core, 'k0s-bootstrap/']

export const worker: Scenario = {
  name: 'worker',
  description: "from a Machine's owner, in a cluster that works, to its bootstrap data Secret",
  isSlow: false,
  async run({ say }) {
    say(`${count} workers, one after the other`)
    await using management = await startManagement({ clusterApiKinds: true })
    await using workload = await startTestEnv({ audit: true })
    const bundle = join(management.env.dir, 'managers')
    await bundleManagers(bundle)
    await using _manager = await startManager(management, 'bootstrap', bundle)
    await makeReadyCluster(management.client, workload)
    const spans = await measure(management)
    return rowsOf(spans, [...(await requestsTo(management.env)), ...(await requestsTo(workload))])
  },
}

async function measure(management: Management): Promise<readonly Span[]> {
  const { client, env, quiet } = management
  const patches = new Map<string, object>()
  for (let nth = 1; nth <= count; nth++) patches.set(`m-${nth}`, await makeMachine(client, `m-${nth}`))
  for (const name of patches.keys()) await untilSaid(management, name, 'WaitingForOwner')
  await quiet()
  const asCore = clientOf(env.connection, core)
  const spans: Span[] = []
  for (const [name, patch] of patches) {
    spans.push(await measureOne(management, () => asCore.patchMerge(k0sWorkerConfig, { namespace, name }, patch), name))
    await untilSaid(management, name, 'Available')
  }
  await asCore.close()
  return spans
}

/** From just before the owner is set until the Secret is seen by somebody who watches for it. */
async function measureOne({ until }: Management, setOwner: () => Promise<unknown>, name: string): Promise<Span> {
  const seen = until(secrets, { namespace, name }, () => true).then(() => Date.now())
  const from = Date.now()
  await setOwner()
  return { from, to: await seen }
}

function untilSaid({ until }: Management, name: string, reason: string): Promise<unknown> {
  return until(k0sWorkerConfig, { namespace, name }, ({ status }) =>
    (status?.conditions ?? []).some(one => one.type === 'DataSecretAvailable' && one.reason === reason),
  )
}

async function requestsTo({ auditLog }: TestEnv): Promise<readonly Span[]> {
  return requestSpans(await auditLog.since({ offset: 0 }), userAgents)
}

function rowsOf(spans: readonly Span[], requests: readonly Span[]): readonly Row[] {
  const whole = spans.map(({ from, to }) => to - from).toSorted((a, b) => a - b)
  const beyond = spans.map(span => span.to - span.from - covered(requests, span)).toSorted((a, b) => a - b)
  const middle = Math.floor(count / 2)
  const row = { scenario, unit: 'ms' }
  const what = 'owner and endpoint → data Secret'
  return [
    { ...row, metric: `${what}, beyond the API calls, median`, value: beyond[middle] ?? Number.NaN, budget: 100 },
    { ...row, metric: `${what}, beyond the API calls, worst`, value: beyond.at(-1) ?? Number.NaN, budget: null },
    { ...row, metric: `${what}, median`, value: whole[middle] ?? Number.NaN, budget: null },
  ]
}
