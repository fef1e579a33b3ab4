// What Cluster and JoinTokenRequest of v1beta1 say in other words — core
import { available } from '../controlplane/conditions.ts'
import { type Schema, schemaOf } from '../schema/faults.ts'
import { flag, record, text } from '../schema/fields.ts'
import { mapAt, ofObject, withMap } from '../versions/annotations.ts'
import type { StatusDifferences } from '../versions/differences.ts'
import { isObject, type JsonObject, valueAt, without } from '../versions/json.ts'
import type { SpecConversion } from '../versions/older.ts'
import { clusterNamespaceAnnotation } from './cluster-namespace.ts'
import { joinTokenSecretCreated } from './conditions.ts'

const reconciliationStatus = (what: string) =>
  text({
    description: `reconciliationStatus is the message of the condition ${what}, or that all is well.`,
    maxLength: 10240,
  })

/** As k0smotron says it. */
const isWell = 'Reconciliation successful'

/** Only shown: everything is in the conditions, too. */
export const clusterStatusDifferences: StatusDifferences = {
  fields: {
    ready: flag({ description: 'ready is true while the API server answers.' }),
    reconciliationStatus: reconciliationStatus(available),
  },
  shown: status => ({ ready: isTrue(status, available), reconciliationStatus: wordsOf(status, available) }),
  taken: () => ({}),
}

export const joinTokenStatusDifferences: StatusDifferences = {
  fields: { reconciliationStatus: reconciliationStatus(joinTokenSecretCreated) },
  shown: status => ({ reconciliationStatus: wordsOf(status, joinTokenSecretCreated) }),
  taken: () => ({}),
}

function conditionOf({ conditions }: JsonObject, type: string): JsonObject | undefined {
  return Array.isArray(conditions) ? conditions.filter(isObject).find(condition => condition.type === type) : undefined
}

function isTrue(status: JsonObject, type: string): boolean {
  return conditionOf(status, type)?.status === 'True'
}

function wordsOf(status: JsonObject, type: string): string {
  if (isTrue(status, type)) return isWell
  const message = conditionOf(status, type)?.message
  return typeof message === 'string' ? message : ''
}

const clusterRef = record(
  {
    name: text({ description: 'name is the name of the Cluster.', minLength: 1, maxLength: 63 }),
    namespace: text({ description: 'namespace is the namespace of the Cluster.', minLength: 1, maxLength: 63 }),
  },
  { description: 'clusterRef is the Cluster that is joined.' },
)

const isTheSame = {
  rule: 'self.clusterRef == oldSelf.clusterRef',
  message: 'clusterRef cannot change: the token is of that Cluster; make another JoinTokenRequest',
  fieldPath: '.clusterRef',
}

/** `clusterRef` for `clusterName`; a namespace that is not the object's own is an annotation of v1beta2. */
export function joinTokenSpec(stored: object): SpecConversion {
  const { properties, required = [], ...rest } = schemaOf(stored)
  const { clusterName: _, ...others } = properties ?? {}
  return {
    spec: {
      ...rest,
      required: ['clusterRef', ...required.filter(name => name !== 'clusterName')],
      properties: { clusterRef: schemaOf(clusterRef), ...others } satisfies Record<string, Schema>,
      'x-kubernetes-validations': [isTheSame],
    },
    toStored: withClusterName,
    fromStored: withClusterRef,
  }
}

function withClusterName(older: JsonObject): JsonObject {
  const ref = valueAt(older, ['spec', 'clusterRef'])
  if (!isObject(older.spec) || !isObject(ref)) return older
  const { clusterRef: _, ...spec } = older.spec
  const others = without(mapAt(older, ofObject), [clusterNamespaceAnnotation])
  const isOwn = ref.namespace === undefined || ref.namespace === valueAt(older, ['metadata', 'namespace'])
  const annotations = isOwn ? others : { ...others, [clusterNamespaceAnnotation]: ref.namespace }
  return withMap({ ...older, spec: { clusterName: ref.name, ...spec } }, ofObject, annotations)
}

function withClusterRef(stored: JsonObject): JsonObject {
  if (!isObject(stored.spec) || stored.spec.clusterName === undefined) return stored
  const { clusterName: name, ...spec } = stored.spec
  const namespace =
    valueAt(stored, [...ofObject, clusterNamespaceAnnotation]) ?? valueAt(stored, ['metadata', 'namespace'])
  const annotations = without(mapAt(stored, ofObject), [clusterNamespaceAnnotation])
  return withMap({ ...stored, spec: { clusterRef: { name, namespace }, ...spec } }, ofObject, annotations)
}
