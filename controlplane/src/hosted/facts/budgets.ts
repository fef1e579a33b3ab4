// Whether PodDisruptionBudgets let a pod go — core
import type { Pod, PodDisruptionBudget, StatefulSet } from '@k0smotron-ts/runtime'
import type { Live } from '../observed.ts'
import { isLookedAt } from './looked-at.ts'
import { isOnDelete } from './own-order.ts'

/** Whether a pod may have to wait for a budget: we replace them, and there is one that is not made from the newest template. */
export function mayWaitForBudget(set: StatefulSet): boolean {
  if (!isOnDelete(set)) return false
  const { replicas = 0, updatedReplicas = 0 } = set.status ?? {}
  return !isLookedAt(set) || updatedReplicas < replicas
}

/** What has to happen before the API server evicts the pod; it asks every budget, whoever made it. */
export function budgetWait({ budgets }: Pick<Live, 'budgets'>, pod: Pod): string | undefined {
  const [budget, ...others] = budgets.filter(one => selects(one, pod))
  if (!budget) return undefined
  if (others.length > 0) {
    const names = [budget, ...others].map(({ metadata }) => metadata.name ?? '').toSorted()
    return `all but one of the PodDisruptionBudgets ${names.join(', ')} to be taken away: Kubernetes evicts no pod that several select`
  }
  const { metadata, status } = budget
  if (!isLookedAt(budget)) return `Kubernetes to look at PodDisruptionBudget ${metadata.name}`
  return (status?.disruptionsAllowed ?? 0) > 0
    ? undefined
    : `PodDisruptionBudget ${metadata.name} to allow a disruption`
}

/** As the API server reads selectors: none selects nothing, an empty one everything. */
export function selects({ spec }: PodDisruptionBudget, { metadata: { labels = {} } }: Pod): boolean {
  if (!spec?.selector) return false
  const { matchLabels = {}, matchExpressions = [] } = spec.selector
  const isEqual = Object.entries(matchLabels).every(([key, value]) => labels[key] === value)
  return isEqual && matchExpressions.every(expression => isMet(expression, labels))
}

type Expression = NonNullable<
  NonNullable<NonNullable<PodDisruptionBudget['spec']>['selector']>['matchExpressions']
>[number]

function isMet({ key, operator, values = [] }: Expression, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[key]
  const isAmong = value !== undefined && values.includes(value)
  if (operator === 'In') return isAmong
  if (operator === 'NotIn') return !isAmong
  return (value !== undefined) === (operator === 'Exists')
}
