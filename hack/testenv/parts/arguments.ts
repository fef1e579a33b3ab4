// The command lines of the management cluster — core
import type { Site } from '../workspace/site.ts'

/** Where the files of an environment are; every path is absolute. */
export interface Paths {
  readonly etcdData: string
  readonly etcdSocket: string
  readonly peerSocket: string
  readonly ca: string
  readonly caKey: string
  readonly serverCertificate: string
  readonly serverKey: string
  /** As whom the API server talks to kubelets. */
  readonly kubeletClientCertificate: string
  readonly kubeletClientKey: string
  readonly tokenKey: string
  readonly tokenPublicKey: string
  readonly auditPolicy: string
  readonly auditLog: string
}

export function pathsIn(dir: string): Paths {
  return {
    etcdData: `${dir}/etcd`,
    etcdSocket: `${dir}/etcd.sock`,
    peerSocket: `${dir}/peer.sock`,
    ca: `${dir}/ca.crt`,
    caKey: `${dir}/ca.key`,
    serverCertificate: `${dir}/server.crt`,
    serverKey: `${dir}/server.key`,
    kubeletClientCertificate: `${dir}/kubelet-client.crt`,
    kubeletClientKey: `${dir}/kubelet-client.key`,
    tokenKey: `${dir}/sa.key`,
    tokenPublicKey: `${dir}/sa.pub`,
    auditPolicy: `${dir}/audit-policy.yaml`,
    auditLog: `${dir}/audit.log`,
  }
}

/** Sockets instead of ports: nobody else can take them. */
export function etcdArguments({ etcdData, etcdSocket, peerSocket }: Paths): readonly string[] {
  return [
    `--data-dir=${etcdData}`,
    '--name=testenv',
    '--unsafe-no-fsync', // what it holds ends with the process
    '--log-level=warn',
    `--listen-client-urls=unix://${etcdSocket}`,
    `--advertise-client-urls=unix://${etcdSocket}`,
    `--listen-peer-urls=unix://${peerSocket}`,
    `--initial-advertise-peer-urls=unix://${peerSocket}`,
    `--initial-cluster=testenv=unix://${peerSocket}`,
  ]
}

/** What the API server's command line depends on. */
export interface ApiServerSettings {
  readonly site: Site
  readonly port: number
  readonly audit: boolean
  /** As whom it signs tokens; as most clusters do unless given. */
  readonly issuerArguments?: readonly string[]
}

const defaultIssuer = ['--service-account-issuer=https://kubernetes.default.svc']

/** Admission and authentication are the defaults of real clusters, the stricter ones, so that tests meet what users meet. */
export function apiServerArguments(
  paths: Paths,
  { site, port, audit, issuerArguments = defaultIssuer }: ApiServerSettings,
): readonly string[] {
  return [
    `--etcd-servers=unix://${paths.etcdSocket}`,
    `--bind-address=${site.address}`,
    `--advertise-address=${site.address}`,
    `--secure-port=${port}`,
    ...(site.address.startsWith('127.') ? ['--endpoint-reconciler-type=none'] : []), // no valid endpoint
    `--client-ca-file=${paths.ca}`,
    `--tls-cert-file=${paths.serverCertificate}`,
    `--tls-private-key-file=${paths.serverKey}`,
    `--service-account-key-file=${paths.tokenPublicKey}`,
    `--service-account-signing-key-file=${paths.tokenKey}`,
    ...issuerArguments,
    `--service-cluster-ip-range=${site.serviceCidr}`,
    `--kubelet-client-certificate=${paths.kubeletClientCertificate}`,
    `--kubelet-client-key=${paths.kubeletClientKey}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=OwnerReferencesPermissionEnforcement', // the default of OpenShift
    '--allow-privileged',
    '--profiling=false',
    '--shutdown-watch-termination-grace-period=3s',
    ...(audit
      ? [`--audit-policy-file=${paths.auditPolicy}`, `--audit-log-path=${paths.auditLog}`, '--audit-log-maxsize=100000']
      : []),
  ]
}

/** The default rates make a StatefulSet of 200 pods wait for the client, not for the cluster. */
const rates = ['--kube-api-qps=500', '--kube-api-burst=1000']

/** No port: nobody asks these two for anything. */
const alone = ['--leader-elect=false', '--secure-port=0']

export function controllerManagerArguments(paths: Paths, kubeconfig: string): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    ...alone,
    ...rates,
    '--concurrent-statefulset-syncs=20',
    '--use-service-account-credentials',
    `--service-account-private-key-file=${paths.tokenKey}`,
    `--root-ca-file=${paths.ca}`,
    `--cluster-signing-cert-file=${paths.ca}`,
    `--cluster-signing-key-file=${paths.caKey}`,
  ]
}

export function schedulerArguments(kubeconfig: string): readonly string[] {
  return [`--kubeconfig=${kubeconfig}`, ...alone, ...rates]
}

/** The annotation of the nodes that kwok plays; all others are left to the test. */
export const kwokAnnotation = 'kwok.x-k8s.io/node'

export function kwokArguments(kubeconfig: string, stages: string): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--config=${stages}`,
    '--manage-all-nodes=false',
    `--manage-nodes-with-annotation-selector=${kwokAnnotation}=fake`,
    '--node-lease-duration-seconds=40',
    '--cidr=10.0.0.0/16',
    '--node-ip=127.0.0.1',
  ]
}

/** Requests and answers by their metadata; bodies are not kept. */
export const auditPolicy: object = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
}
