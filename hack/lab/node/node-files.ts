// What a hosting node has on its disk beside what every machine has — core
import { dump } from 'js-yaml'
import type { PlacedFile } from '../machine/placed-file.ts'
import type { LabNetwork } from '../plan.ts'

export interface NodeSettings {
  readonly name: string
  readonly address: string
  /** The node's own part of the pod network. */
  readonly podCidr: string
  readonly network: LabNetwork
  /** Name of an image that is in the node's containerd: it holds the namespaces of each pod. */
  readonly sandboxImage: string
}

/** How a node knows the management cluster; all of it PEM or YAML. */
export interface Membership {
  readonly clientCa: string
  readonly kubelet: string
  readonly kubeProxy: string
}

const yaml = (value: object): string => dump(value, { lineWidth: -1, noRefs: true })

/** containerd, kubelet and kube-proxy as services that start with the machine; the last two not before it is a member. */
export function nodeFiles(settings: NodeSettings): readonly PlacedFile[] {
  const { name, address } = settings
  const kubelet = `/usr/local/bin/kubelet --config=/etc/kubernetes/kubelet.yaml --kubeconfig=${kubeletKubeconfig} \\
  --hostname-override=${name} --node-ip=${address}`
  const proxy = '/usr/local/bin/kube-proxy --config=/etc/kubernetes/kube-proxy.yaml'
  return [
    { path: 'etc/cloud/cloud-init.disabled', content: '' },
    { path: 'etc/containerd/config.toml', content: containerdConfig(settings.sandboxImage) },
    { path: 'etc/cni/net.d/10-lab.conflist', content: JSON.stringify(podNetwork(settings)) },
    { path: 'etc/kubernetes/kubelet.yaml', content: yaml(kubeletConfig(settings)) },
    { path: 'etc/kubernetes/kube-proxy.yaml', content: yaml(proxyConfig(settings)) },
    { path: 'etc/systemd/system/kubelet.service', content: service(kubelet) },
    { path: 'etc/systemd/system/kube-proxy.service', content: service(proxy) },
    { path: 'etc/systemd/system/multi-user.target.d/lab.conf', content: `[Unit]\nWants=${nodeServices.join(' ')}\n` },
  ]
}

/** What makes the node a member; `memberServices` start when they are there. */
export function membershipFiles({ clientCa, kubelet, kubeProxy }: Membership): readonly PlacedFile[] {
  const mode = 0o600
  return [
    { path: 'etc/kubernetes/ca.crt', content: clientCa },
    { path: 'etc/kubernetes/kube-proxy.kubeconfig', content: kubeProxy, mode },
    { path: kubeletKubeconfig.slice(1), content: kubelet, mode },
  ]
}

const kubeletKubeconfig = '/etc/kubernetes/kubelet.kubeconfig'
export const memberServices = ['kubelet.service', 'kube-proxy.service'] as const
const nodeServices = ['containerd.service', ...memberServices]

// restrict_oom_score_adj: without CAP_SYS_RESOURCE runc cannot lower the score, and every sandbox would die of it.
const containerdConfig = (sandboxImage: string): string => `version = 2
oom_score = 0
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${sandboxImage}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
`

// No masquerading: the lab's router has a route to every node's pods, so a pod is seen under its own address.
const podNetwork = ({ podCidr }: NodeSettings): object => ({
  cniVersion: '1.0.0',
  name: 'lab',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: false,
      hairpinMode: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: podCidr }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true }, snat: true },
  ],
})

const kubeletConfig = ({ address, network }: NodeSettings): object => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  failCgroupV1: false,
  cgroupDriver: 'cgroupfs',
  failSwapOn: false,
  oomScoreAdj: 0,
  containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
  authentication: {
    anonymous: { enabled: false },
    x509: { clientCAFile: '/etc/kubernetes/ca.crt' },
    webhook: { enabled: true },
  },
  authorization: { mode: 'Webhook' },
  address,
  clusterDNS: [network.gateway],
  clusterDomain: 'cluster.local',
  resolvConf: '', // nothing of the host's own name service reaches a pod
  nodeStatusUpdateFrequency: '2s',
  // The disk is the host's: how full it is says nothing about the lab, and a collected image could not be pulled again.
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
})

// --max-per-core 0: the connection table's size is the host's to set.
const proxyConfig = ({ network, name }: NodeSettings): object => ({
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  mode: 'iptables',
  hostnameOverride: name,
  clusterCIDR: network.podCidr,
  clientConnection: { kubeconfig: '/etc/kubernetes/kube-proxy.kubeconfig' },
  conntrack: { maxPerCore: 0 },
  iptables: { minSyncPeriod: '100ms' },
  healthzBindAddress: '127.0.0.1:10256',
  metricsBindAddress: '127.0.0.1:10249',
})

const service = (command: string): string => `[Unit]
After=containerd.service
ConditionPathExists=${kubeletKubeconfig}

[Service]
ExecStart=${command}
Restart=always
RestartSec=1s
`
