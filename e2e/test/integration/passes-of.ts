// How many passes a manager's process has made, by what it says itself — shell
import { readFile } from 'node:fs/promises'
import { metricsPortIn, sumOf } from '../../harness/manager-metrics.ts'
import type { Manager } from '../../harness/managers.ts'

/** 0 until the first one. */
export async function passesOf({ log }: Pick<Manager, 'log'>): Promise<number> {
  const port = metricsPortIn(await readFile(log, 'utf8'))
  if (port === undefined) throw new Error(`no port of metrics in ${log}`)
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return sumOf(metrics, 'controller_runtime_reconcile_total')
}
