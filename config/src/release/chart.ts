// The Helm chart: the objects of install.yaml with values in a few places — core

import { providerNamespace } from '../rbac.ts'
import type { ReleaseFile } from '../release-files.ts'
import { yamlOf } from '../yaml.ts'
import { componentsOf } from './components.ts'
import { managers } from './managers.ts'

export interface ChartOptions {
  /** `v1.2.3` */
  readonly version: string
  /** Without a tag. */
  readonly image: string
}

const folder = 'chart'

/** All but the namespace, which Helm makes itself. Rendered without values of one's own it is what kubectl gets. */
export function chartOf({ version, image }: ChartOptions): readonly ReleaseFile[] {
  const chart = {
    apiVersion: 'v2',
    name: 'k0smotron-ts',
    description: 'Cluster API providers for k0s: control planes as pods, workers on any infrastructure',
    type: 'application',
    version: version.slice(1),
    appVersion: version,
  }
  const values = { image: { repository: image, tag: version }, replicas: 1, featureGates: '' }
  const file = (path: string, content: string): ReleaseFile => ({ path: `${folder}/${path}`, content })
  return [
    file('Chart.yaml', yamlOf(`k0smotron-ts ${version}`, [chart])),
    file('values.yaml', yamlOf(valuesComment, [values])),
    ...managers.map(manager => {
      const objects = componentsOf(manager, { image: imageValue, featureGates: gatesValue })
      return file(`templates/${manager.name}.yaml`, templateOf(`The ${manager.name} provider`, objects))
    }),
  ]
}

const valuesComment = 'replicas are those of each provider; featureGates are accepted as in k0smotron.'

const expression = (text: string): string => `{{ ${text} }}`
const imageValue = `${expression('.Values.image.repository')}:${expression('.Values.image.tag')}`
const gatesValue = expression('.Values.featureGates')
const namespaceValue = expression('.Release.Namespace')
const replicasValue = expression('.Values.replicas')

/** What Helm would take for an expression of its own must be one of ours. */
function templateOf(comment: string, objects: readonly object[]): string {
  const written = JSON.stringify(objects)
  const ours = [imageValue, gatesValue].reduce((text, value) => text.replaceAll(value, ''), written)
  if (ours.includes('{{')) throw new Error('An object has {{ in it, which Helm would read')
  const text = yamlOf(comment, objects.map(withValues))
  return text.replaceAll(`'${replicasValue}'`, replicasValue) // a number
}

function withValues(object: object): object {
  const { kind, spec } = object as { readonly kind: string; readonly spec?: object }
  const scaled = kind === 'Deployment' ? { ...object, spec: { ...spec, replicas: replicasValue } } : object
  return inNamespace(kind === 'CustomResourceDefinition' ? kept(scaled) : scaled) as object
}

/** Else `helm uninstall` would take the kinds away, and with them every control plane and worker config. */
function kept(object: { readonly metadata?: { readonly annotations?: object } }): object {
  const annotations = { ...object.metadata?.annotations, 'helm.sh/resource-policy': 'keep' }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/** Everything that names the namespace names the one that Helm installs into. */
function inNamespace(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inNamespace)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === 'namespace' && one === providerNamespace ? namespaceValue : inNamespace(one),
    ]),
  )
}
