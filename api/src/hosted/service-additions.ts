// What annotations of an object say of its Service, since only v1beta1 has fields for it — core
import type { ObjectMeta } from '../meta.ts'
import { addedValue } from '../versions/added.ts'
import { addedToService } from './v1beta1.ts'

export interface ServiceAdditions {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly externalTrafficPolicy?: 'Cluster' | 'Local'
  readonly loadBalancerClass?: string
  /** Annotations of that kind whose value is none; they have no effect. */
  readonly invalid: readonly string[]
}

export function serviceAdditions({ annotations = {} }: Pick<ObjectMeta, 'annotations'>): ServiceAdditions {
  const { annotation, fields } = addedToService
  const said = Object.keys(fields).filter(name => annotations[annotation + name] !== undefined)
  const values = said.map(name => [name, addedValue(annotations, name, addedToService)] as const)
  return {
    ...Object.fromEntries(values.filter(([, value]) => value !== undefined)),
    invalid: values.flatMap(([name, value]) => (value === undefined ? [annotation + name] : [])),
  }
}
