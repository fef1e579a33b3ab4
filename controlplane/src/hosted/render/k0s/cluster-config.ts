// The k0s ClusterConfig of a control plane: the user's, with what must fit the pods set over it — core
import { faultOfHost, hostPort, type K0sVersion, withoutRootDot } from '@k0smotron-ts/api'
import type { Ports } from '../../facts/exposure.ts'
import { supportsExternalPort } from '../../facts/k0s-version.ts'
import { electsLeader } from '../../facts/members.ts'
import type { Endpoint } from '../../input.ts'
import type { Observed } from '../../observed.ts'
import { k0sPaths } from './paths.ts'
import { k0sConfigVersion } from './user-config.ts'

/** What must be known before k0s can be configured. */
export interface K0sConfigInput {
  readonly version: K0sVersion
  readonly endpoint: Endpoint
  readonly ports: Ports
  /** Whether the kubelet asks the API server itself. */
  readonly isProbedOverHTTPS: boolean
}

export function k0sClusterConfig(observed: Observed, input: K0sConfigInput): object {
  const user = observed.userConfig
  const { spec = {} } = user
  return {
    ...user,
    apiVersion: k0sConfigVersion,
    kind: 'ClusterConfig',
    spec: {
      ...spec,
      api: apiOf(observed, input),
      konnectivity: { ...spec.konnectivity, agentPort: input.ports.konnectivity },
      network: observed.k0sNetwork,
      storage: observed.datastore.storage(observed),
      ...(!electsLeader(observed) && {
        controllerManager: withoutElection(spec.controllerManager),
        scheduler: withoutElection(spec.scheduler),
      }),
    },
  }
}

function apiOf(observed: Observed, { version, endpoint, isProbedOverHTTPS }: K0sConfigInput): object {
  const { api, network } = observed.userConfig.spec ?? {}
  const port = containerPort(endpoint)
  const host = withoutRootDot(endpoint.host) // k0s makes a name of its certificate of it
  const external = supportsExternalPort(version) && endpoint.port !== port ? hostPort({ ...endpoint, host }) : host
  return {
    ...api,
    port,
    sans: subjectAltNames(observed, endpoint),
    // with node-local load balancing k0s wants the addresses of the controllers themselves
    ...(network?.nodeLocalLoadBalancing?.enabled !== true && { externalAddress: external }),
    extraArgs: {
      ...(isProbedOverHTTPS && { 'authentication-config': `${k0sPaths.config}/authentication.yaml` }),
      ...api?.extraArgs,
    },
  }
}

/**
 * Names and addresses of our Service, the published endpoint and the Cluster's, the user's own. Never a list of nodes:
 * that changes.
 */
function subjectAltNames(observed: Observed, endpoint: Endpoint): readonly string[] {
  const { metadata, spec } = observed.exposure.service ?? {}
  const name = metadata?.name
  const inNamespace = `${name}.${metadata?.namespace}`
  const ours = name === undefined ? [] : [name, inNamespace, `${inNamespace}.svc`, `${inNamespace}.svc.cluster.local`]
  const addresses = (spec?.clusterIPs ?? []).filter(address => address !== 'None')
  const hosts = [endpoint, observed.endpoints.cluster].flatMap(one => one?.host ?? [])
  const known = hosts.filter(host => host === endpoint.host || faultOfHost(host) === undefined).map(withoutRootDot)
  const theirs = observed.userConfig.spec?.api?.sans ?? []
  return [...new Set([...known, ...ours, ...addresses, ...theirs])].toSorted()
}

/**
 * The port that kube-apiserver listens on: the published one, because k0s writes it into workers' configuration. A port
 * below 1024 would take a capability that the pod does not have; then k0s is told the published port apart.
 */
export function containerPort(endpoint: Endpoint): number {
  return endpoint.port < 1024 ? 6443 : endpoint.port
}

/** A single replica has nobody to elect against; waiting for its own old lease would cost 18 s at every restart. */
function withoutElection(component: { readonly extraArgs?: Readonly<Record<string, string>> } = {}): object {
  return { ...component, extraArgs: { 'leader-elect': 'false', ...component.extraArgs } }
}
