// What a cluster with workers has in the end, without what differs from run to run — shell
import {
  type Condition,
  type KubeObject,
  k0smotronControlPlane,
  k0sWorkerConfig,
  machines,
  type ResourceType,
} from '@k0smotron-ts/api'
import { type Pictured, pictureOf } from '@k0smotron-ts/hack/testenv'
import {
  type Client,
  configMaps,
  networkPolicies,
  nodes,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { labMachine } from '../../lab-provider/index.ts'

interface Fields extends KubeObject {
  readonly data?: object
  readonly spec?: { readonly providerID?: string }
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[]; readonly replicas?: number }
}

const keysOf = ({ data }: Fields): readonly string[] => [
  `keys ${Object.keys(data ?? {})
    .map(key => key.replace(/^[0-9a-f]{10}\./, 'HASH.'))
    .sort()
    .join(' ')}`,
]
const fieldsOf = ({ spec }: Fields): readonly string[] => [
  `spec ${Object.keys(spec ?? {})
    .sort()
    .join(' ')}`,
]
const conditionsOf = ({ status }: Fields): readonly string[] => [
  `phase ${status?.phase}, replicas ${status?.replicas}`,
  ...(status?.conditions ?? []).map(({ type, status: is, reason }) => `${type} ${is} ${reason}`),
]
const idOf = ({ spec }: Fields): readonly string[] => [`provider ID ${spec?.providerID}`]

const pictured = (type: ResourceType, facts: (object: Fields) => readonly string[]): Pictured => ({ type, facts })

const ofManagement: readonly Pictured[] = [
  ...[configMaps, secrets].map(type => pictured(type as ResourceType, keysOf)),
  ...[services, statefulSets, networkPolicies, podDisruptionBudgets].map(type =>
    pictured(type as ResourceType, fieldsOf),
  ),
  pictured(pods as ResourceType, () => []),
  ...[k0smotronControlPlane, k0sWorkerConfig, machines, labMachine].map(type =>
    pictured(type as ResourceType, conditionsOf),
  ),
]

const ofHosted: readonly Pictured[] = [pictured(nodes as ResourceType, idOf), pictured(secrets as ResourceType, keysOf)]

/** Two clusters of the same name in different namespaces that came to be in the same way give the same picture. */
export async function clusterPicture(
  management: Client,
  namespace: string,
  hosted: Client,
): Promise<readonly string[]> {
  const lines = [
    ...(await pictureOf(management, namespace, ofManagement)),
    ...(await pictureOf(hosted, 'kube-system', ofHosted)),
  ]
  return lines.map(line => withoutChance(line, namespace)).sort()
}

/** Names that MachineSets make up, the namespace, and the hash of a configuration that says addresses and ports. */
function withoutChance(line: string, namespace: string): string {
  return line
    .replaceAll(namespace, 'NAMESPACE')
    .replaceAll(/-md-0(-[a-z0-9]{5,10}){1,2}/g, '-md-0-NAME')
    .replace(/-config-[0-9a-f]{10}:/, '-config-HASH:')
}
