// What a k0s controller would start from its configuration — core
import { load } from 'js-yaml'

/** The part of k0s's ClusterConfig that decides how the API server starts. */
export interface ClusterConfig {
  readonly kind: string
  readonly spec?: {
    readonly api?: {
      readonly port?: number
      readonly address?: string
      readonly externalAddress?: string
      readonly sans?: readonly string[]
      readonly extraArgs?: Readonly<Record<string, string>>
    }
    readonly network?: { readonly serviceCIDR?: string }
    readonly storage?: {
      readonly type?: string
      readonly etcd?: { readonly externalCluster?: { readonly etcdPrefix?: string } }
      readonly kine?: { readonly dataSource?: string }
    }
  }
}

/** The files that a pod of the newest revision reads. */
export interface RevisionFiles {
  readonly config: ClusterConfig
  /** Text of the AuthenticationConfiguration, if there is one. */
  readonly authentication?: string
}

interface PodTemplate {
  readonly spec?: {
    readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name?: string } }[]
  }
}

/** The name of the object that the volume `config` shows. */
export function configOfRevision(template: unknown): string {
  const volume = (template as PodTemplate | undefined)?.spec?.volumes?.find(({ name }) => name === 'config')
  const name = volume?.configMap?.name
  if (name === undefined) throw new Error('the pod template has no ConfigMap as volume config')
  return name
}

/** Picks from everything the control plane keeps the files that its pod template names; all of them before there is one. */
export function filesOfRevision(kept: Readonly<Record<string, string>>, template: unknown): RevisionFiles {
  const mentions = JSON.stringify(template ?? null)
  const named = Object.entries(kept).filter(([key]) => mentions.includes(JSON.stringify(key)))
  const texts = (named.length > 0 ? named : Object.entries(kept)).map(([, text]) => text)
  const configs = texts.map(readClusterConfig).filter(config => config !== undefined)
  const [config] = configs
  if (!config || configs.length > 1) throw new Error(`${configs.length} k0s configurations are named, one is needed`)
  const authentication = texts.find(text => kindOf(text) === 'AuthenticationConfiguration')
  return { config, ...(authentication !== undefined && { authentication }) }
}

function readClusterConfig(text: string): ClusterConfig | undefined {
  return kindOf(text) === 'ClusterConfig' ? (load(text) as ClusterConfig) : undefined
}

function kindOf(text: string): string | undefined {
  const value = load(text)
  return typeof value === 'object' && value !== null && 'kind' in value ? String(value.kind) : undefined
}

/** Where the API server is published: k0s listens on `api.port` on every address, we on the loopback one it publishes. */
export function listenAddress({ spec }: ClusterConfig): { readonly host: string; readonly port: number } {
  const published = hostOf(spec?.api?.externalAddress ?? '')
  return { host: published.startsWith('127.') ? published : '127.0.0.1', port: spec?.api?.port ?? 6443 }
}

/** The names in the server's certificate. */
export function serverNames(config: ClusterConfig): readonly string[] {
  const { api, network } = config.spec ?? {}
  const fixed = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local']
  const local = ['localhost', '127.0.0.1', '::1', listenAddress(config).host]
  const given = [api?.address ?? '', hostOf(api?.externalAddress ?? ''), ...(api?.sans ?? [])]
  const names = [...fixed, ...local, ...given, firstAddress(network?.serviceCIDR ?? '10.96.0.0/12')]
  return [...new Set(names.filter(name => name !== ''))]
}

/** Without the port that an externalAddress may carry; an IPv6 address without its brackets. */
function hostOf(address: string): string {
  const bracketed = /^\[(.+)\](?::\d+)?$/.exec(address)
  if (bracketed?.[1]) return bracketed[1]
  return address.split(':').length === 2 ? (address.split(':')[0] ?? '') : address
}

function firstAddress(cidr: string): string {
  const [network = ''] = cidr.split('/')
  return network.includes(':')
    ? `${network}1`
    : network.replace(/\.(\d+)$/, (_, last: string) => `.${Number(last) + 1}`)
}

/** Files and addresses that the command line names. */
export interface HostedPaths {
  readonly dir: string
  /** With the scheme: https for etcd, unix for kine. */
  readonly etcdServers: string
  readonly hasEtcdCertificates: boolean
}

type Arguments = Readonly<Record<string, string>>

/** k0s's defaults, then the extra arguments of the configuration, which win. */
export function hostedArguments({ config, authentication }: RevisionFiles, paths: HostedPaths): readonly string[] {
  const all: Arguments = {
    ...listenArguments(config),
    ...datastoreArguments(config, paths),
    ...keyArguments(paths),
    'service-cluster-ip-range': config.spec?.network?.serviceCIDR ?? '10.96.0.0/12',
    'authorization-mode': 'Node,RBAC',
    'enable-bootstrap-token-auth': 'true',
    'enable-admission-plugins': 'NodeRestriction',
    'allow-privileged': 'true',
    profiling: 'false',
    'shutdown-watch-termination-grace-period': '18s',
    ...authenticationArguments(authentication),
    ...config.spec?.api?.extraArgs,
    ...(authentication !== undefined && { 'authentication-config': `${paths.dir}/authentication.yaml` }),
  }
  return Object.entries(all).map(([name, value]) => `--${name}=${value}`)
}

function listenArguments(config: RevisionFiles['config']): Arguments {
  const { host, port } = listenAddress(config)
  return {
    'bind-address': host,
    'advertise-address': host,
    'secure-port': String(port),
    'endpoint-reconciler-type': 'none',
  }
}

function datastoreArguments(
  config: RevisionFiles['config'],
  { dir, etcdServers, hasEtcdCertificates }: HostedPaths,
): Arguments {
  return {
    'etcd-servers': etcdServers,
    'etcd-prefix': `/${config.spec?.storage?.etcd?.externalCluster?.etcdPrefix ?? 'registry'}`,
    ...(hasEtcdCertificates && {
      'etcd-cafile': `${dir}/etcd-ca.crt`,
      'etcd-certfile': `${dir}/etcd-client.crt`,
      'etcd-keyfile': `${dir}/etcd-client.key`,
    }),
  }
}

function keyArguments({ dir }: HostedPaths): Arguments {
  return {
    'client-ca-file': `${dir}/ca.crt`,
    'tls-cert-file': `${dir}/server.crt`,
    'tls-private-key-file': `${dir}/server.key`,
    'tls-min-version': 'VersionTLS12',
    'kubelet-certificate-authority': `${dir}/ca.crt`,
    'kubelet-client-certificate': `${dir}/kubelet-client.crt`,
    'kubelet-client-key': `${dir}/kubelet-client.key`,
    'kubelet-preferred-address-types': 'InternalIP,ExternalIP,Hostname',
    'requestheader-client-ca-file': `${dir}/front-proxy-ca.crt`,
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'proxy-client-cert-file': `${dir}/front-proxy-client.crt`,
    'proxy-client-key-file': `${dir}/front-proxy-client.key`,
    'service-account-key-file': `${dir}/sa.pub`,
    'service-account-signing-key-file': `${dir}/sa.key`,
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-jwks-uri': 'https://kubernetes.default.svc/openid/v1/jwks',
    'api-audiences': 'https://kubernetes.default.svc,system:konnectivity-server',
  }
}

/** kube-apiserver refuses to start with both; k0s leaves its own out from 1.36.3+k0s.1. */
function authenticationArguments(authentication: string | undefined): Arguments {
  const saysAnonymous = authentication !== undefined && 'anonymous' in (load(authentication) as object)
  return saysAnonymous ? {} : { 'anonymous-auth': 'false' }
}
