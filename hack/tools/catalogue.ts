// Which programs and manifests are made from which Go module — core
import type { Portion } from './compile/estimate.ts'

/** How one file of a tool comes to be. */
export type Source =
  | { readonly kind: 'program'; readonly package: string }
  /** Files of the module, joined as one stream of YAML documents. */
  | { readonly kind: 'manifests'; readonly paths: readonly string[] }
  /** The output of `kubectl kustomize` of a folder of the module. */
  | { readonly kind: 'kustomization'; readonly path: string }

/** One pinned Go module and the files that we make from it. */
export interface Tool {
  readonly name: string
  /** Where its go.mod is, from the root of the repository. */
  readonly folder: string
  /** The required module whose version the tool carries; absent when the program is our own source. */
  readonly module?: string
  /** Go variables that must hold the version, else servers report v0.0.0 and clients refuse them. */
  readonly versionVariables?: readonly string[]
  readonly outputs: Readonly<Record<string, Source>>
  /** Of what is usually asked for, with empty caches, after the tools before it: seconds on two idle cores. */
  readonly effort: Portion
}

const program = (goPackage: string): Source => ({ kind: 'program', package: goPackage })

/** In the order in which they are built: what most tests need comes first. */
export const catalogue: readonly Tool[] = [
  {
    name: 'etcd',
    folder: 'hack/tools/etcd',
    module: 'go.etcd.io/etcd/server/v3',
    effort: { weight: 24, packages: 562 },
    outputs: { etcd: program('go.etcd.io/etcd/server/v3'), etcdctl: program('go.etcd.io/etcd/etcdctl/v3') },
  },
  {
    // One version for all: its kubelet still takes the cgroup driver from its own configuration when the runtime does not
    // tell one, so it runs on the containerd 1.6 of Debian 12 (tried; a kubelet from 1.37 on will not). A second module
    // for an older kubelet would compile everything twice.
    name: 'kubernetes',
    folder: 'hack/tools/kubernetes',
    module: 'k8s.io/kubernetes',
    effort: { weight: 263, packages: 2484 },
    versionVariables: ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'],
    outputs: {
      'kube-apiserver': program('k8s.io/kubernetes/cmd/kube-apiserver'),
      'kube-controller-manager': program('k8s.io/kubernetes/cmd/kube-controller-manager'),
      'kube-scheduler': program('k8s.io/kubernetes/cmd/kube-scheduler'),
      kubectl: program('k8s.io/kubernetes/cmd/kubectl'),
      kubelet: program('k8s.io/kubernetes/cmd/kubelet'),
      'kube-proxy': program('k8s.io/kubernetes/cmd/kube-proxy'),
    },
  },
  {
    name: 'cluster-api',
    folder: 'hack/tools/cluster-api',
    module: 'sigs.k8s.io/cluster-api',
    effort: { weight: 100, packages: 984 },
    versionVariables: ['sigs.k8s.io/cluster-api/version'],
    outputs: {
      'cluster-api-manager': program('sigs.k8s.io/cluster-api'),
      clusterctl: program('sigs.k8s.io/cluster-api/cmd/clusterctl'),
      'cluster-api-components.yaml': { kind: 'kustomization', path: 'config/default' },
      'cluster-api-metadata.yaml': { kind: 'manifests', paths: ['metadata.yaml'] },
    },
  },
  {
    name: 'kwok',
    folder: 'hack/tools/kwok',
    module: 'sigs.k8s.io/kwok',
    effort: { weight: 40, packages: 442 },
    outputs: {
      kwok: program('sigs.k8s.io/kwok/cmd/kwok'),
      'kwok-stages.yaml': {
        kind: 'manifests',
        paths: [
          'kustomize/stage/node/fast/node-initialize.yaml',
          'kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
          'kustomize/stage/pod/fast/pod-ready.yaml',
          'kustomize/stage/pod/fast/pod-complete.yaml',
          'kustomize/stage/pod/fast/pod-delete.yaml',
          'kustomize/stage/volume/fast/pvc-provision.yaml',
          'kustomize/stage/volume/fast/pv-bind.yaml',
          'kustomize/stage/volume/fast/pvc-delete.yaml',
          'kustomize/stage/volume/fast/pv-delete.yaml',
        ],
      },
    },
  },
  {
    // Without cgo it takes a sqlite in Go, so the program runs in an image that has nothing else in it.
    name: 'kine',
    folder: 'hack/tools/kine',
    module: 'github.com/k3s-io/kine',
    effort: { weight: 35, packages: 486 },
    versionVariables: ['github.com/k3s-io/kine/pkg/version'],
    outputs: { kine: program('github.com/k3s-io/kine') },
  },
  {
    name: 'helm',
    folder: 'hack/tools/helm',
    module: 'helm.sh/helm/v3',
    effort: { weight: 45, packages: 590 },
    outputs: { helm: program('helm.sh/helm/v3/cmd/helm') },
  },
  {
    name: 'coredns',
    folder: 'hack/tools/coredns',
    module: 'github.com/coredns/coredns',
    effort: { weight: 6, packages: 83 },
    outputs: { coredns: program('.') },
  },
  {
    name: 'prometheus',
    folder: 'hack/tools/prometheus',
    module: 'github.com/prometheus/prometheus',
    effort: { weight: 20, packages: 221 },
    outputs: { prometheus: program('.') },
  },
]

/** The tool that makes this file; throws for a name that no tool makes. */
export function toolOf(output: string, tools: readonly Tool[] = catalogue): Tool {
  const tool = tools.find(({ outputs }) => output in outputs)
  if (tool) return tool
  const known = tools.flatMap(({ outputs }) => Object.keys(outputs)).join(', ')
  throw new Error(`No tool makes "${output}"; known are ${known}`)
}

/** The files that these names stand for: a tool's name stands for all that it makes, no name at all for everything. */
export function outputsOf(names: readonly string[], tools: readonly Tool[] = catalogue): readonly string[] {
  const chosen = names.length === 0 ? tools.map(({ name }) => name) : names
  return chosen.flatMap(name => {
    const tool = tools.find(candidate => candidate.name === name)
    return tool ? Object.keys(tool.outputs) : [name]
  })
}
