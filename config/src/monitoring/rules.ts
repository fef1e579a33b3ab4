// Rules as Prometheus loads them, and as its operator takes them — core
import { providerNamespace } from '../rbac.ts'
import { alerts } from './alerts.ts'
import { recordings } from './recordings.ts'

/** The page that says what each alert means, from the root of the repository; each has a heading of its own. */
const page = 'docs/monitoring.md'

export const runbookOf = (alert: string): string => `${page}#${alert.toLowerCase()}`

const alertRules = alerts.map(({ name, expr, for: duration, severity, summary }) => ({
  alert: name,
  expr,
  for: duration,
  labels: { severity },
  annotations: { summary, runbook: runbookOf(name) },
}))

/** One group: its rules are evaluated in their order, groups in none, and alerts ask for what is recorded. */
export const ruleGroups: readonly object[] = [{ name: 'k0smotron', rules: [...recordings, ...alertRules] }]

/** For `rule_files` of Prometheus. */
export const ruleFile: object = { groups: ruleGroups }

/** For clusters with the Prometheus operator; in no other file of a release, since without it nobody serves the kind. */
export const prometheusRule: object = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'k0smotron', namespace: providerNamespace, labels: { 'app.kubernetes.io/name': 'k0smotron' } },
  spec: { groups: ruleGroups },
}
