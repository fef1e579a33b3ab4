// Alerts on metrics that no manager has would never fire — shell
import { releaseOf } from '@k0smotron-ts/config'
import { createMetrics } from '@k0smotron-ts/runtime/shell'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[]
}

/** Words of PromQL, and the labels that the rules name. */
const language = /^(?:rate|sum|by|on|unless|time|controller|result|error|name|instance|job|k0smotron|io|m|h)$/

const file = releaseOf({ version: 'v0.1.0', image: 'x' }).find(({ path }) => path === 'alert-rules.yaml')
const rules = (load(file?.content ?? '') as Rules).groups.flatMap(group => group.rules)
const metrics = createMetrics()
metrics.unreadableKinds(() => [])
const known = new Set(metrics.registry.getMetricsAsArray().map(({ name }) => name))

test.each(rules.map(({ alert, expr }) => [alert, expr]))('%s asks for metrics that there are', (_, expr) => {
  const words = (expr.match(/[a-z_]+\w*/g) ?? []).filter(word => !language.test(word))
  expect(words.length).toBeGreaterThan(0)
  expect(words.filter(word => !known.has(word))).toEqual([])
})
