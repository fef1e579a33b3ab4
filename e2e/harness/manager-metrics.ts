// What a manager's process says of itself — core

/** The port of its metrics, from its log; absent before it listens. */
export function metricsPortIn(log: string): number | undefined {
  const [, port] = /"endpoint":"diagnostics","port":(\d+)/.exec(log) ?? []
  return port === undefined ? undefined : Number(port)
}

/** The series of one metric, added up; 0 when there is none. */
export function sumOf(metrics: string, name: string): number {
  const series = metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))
  return [...series].reduce((sum, [, value]) => sum + Number(value), 0)
}
