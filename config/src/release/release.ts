// The files of a release — core
import { crdOf } from '@k0smotron-ts/api'
import { dashboard } from '../monitoring/dashboard.ts'
import { prometheusRule, ruleFile } from '../monitoring/rules.ts'
import type { ReleaseFile } from '../release-files.ts'
import { yamlOf } from '../yaml.ts'
import { chartOf } from './chart.ts'
import { componentsOf, namespaceOf } from './components.ts'
import { conversionOf, type ManagerRelease, managers, standaloneManager } from './managers.ts'
import { metadataOf } from './metadata.ts'

export interface ReleaseOptions {
  /** `v1.2.3`; the tag of the image, too. */
  readonly version: string
  /** Without a tag. */
  readonly image: string
}

/** A variable of clusterctl; it takes no empty default, so this one says what is so anyway. */
const featureGatesVariable = `\${K0SMOTRON_FEATURE_GATES:=CloudInitVars=false}`

/** `metadata.yaml`, of a release and of the repository. */
export function metadataFile(version: string): ReleaseFile {
  const comment = 'Which contract of Cluster API each release speaks, for clusterctl; generated.'
  return { path: 'metadata.yaml', content: yamlOf(comment, [metadataOf(version)]) }
}

/** All that is rendered, in one folder; the same options give the same bytes. Throws for a version that is none. */
export function releaseOf({ version, image }: ReleaseOptions): readonly ReleaseFile[] {
  const tagged = `${image}:${version}`
  const forClusterctl = { image: tagged, featureGates: featureGatesVariable }
  const forKubectl = { image: tagged, featureGates: '' }
  const file = (path: string, what: string, documents: readonly object[]): ReleaseFile => ({
    path,
    content: yamlOf(`k0smotron-ts ${version}: ${what}`, documents),
  })
  const provider = (manager: ManagerRelease): ReleaseFile =>
    file(`${manager.name}-components.yaml`, `the ${manager.name} provider, for clusterctl`, [
      namespaceOf(manager.provider),
      ...componentsOf(manager, forClusterctl),
    ])
  return [
    ...managers.map(provider),
    metadataFile(version),
    file('install.yaml', 'all controllers, for kubectl apply --server-side', [
      namespaceOf(),
      ...managers.flatMap(manager => componentsOf(manager, forKubectl)),
    ]),
    file('install-standalone.yaml', 'control planes without Cluster API, for kubectl apply --server-side', [
      namespaceOf(),
      ...componentsOf(standaloneManager, forKubectl),
    ]),
    file(
      'crds.yaml',
      'the kinds alone',
      managers.flatMap(manager => manager.kinds.map(kind => crdOf(kind, conversionOf(manager)))),
    ),
    file('alert-rules.yaml', 'rules for Prometheus: what is recorded, and alerts', [ruleFile]),
    file('prometheus-rule.yaml', 'the same rules for the Prometheus operator', [prometheusRule]),
    { path: 'grafana-dashboard.json', content: `${JSON.stringify(dashboard(), undefined, 2)}\n` },
    ...chartOf({ version, image }),
  ]
}
