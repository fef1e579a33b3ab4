// What the demo says to people — core
import type { Proof } from '../harness/proofs.ts'

/** How to go on once the demo is up. */
export interface Place {
  readonly kubeconfig: string
  /** Folders of kubectl and clusterctl. */
  readonly programs: readonly string[]
  /** Contexts of the kubeconfig beside `management`. */
  readonly cluster: string
  readonly hasMachines: boolean
}

/** What ran, and how to see the same with k0s itself. */
export const aboutStandIn = (title: string, needs: readonly string[]): readonly string[] => [
  `This was the ${title}. The real k0s takes its place, with the same proofs, when these name files of one version of it:`,
  ...needs.map(line => `          ${line}`),
]

export function nextCommands({ kubeconfig, programs, cluster, hasMachines }: Place): readonly string[] {
  return [
    'It stays up. Next commands to try:',
    `  export PATH=${programs.join(':')}:$PATH`,
    `  export KUBECONFIG=${kubeconfig}`,
    '  kubectl get clusters,k0smotroncontrolplanes,k0sworkerconfigs,machines,labmachines',
    `  kubectl describe k0smotroncontrolplane ${cluster}`,
    '  kubectl get pods,services,persistentvolumeclaims,secrets',
    `  clusterctl describe cluster ${cluster}`,
    ...(hasMachines ? withMachines(cluster) : []),
    `  kubectl delete cluster ${cluster}`,
    '`make demo-down` removes everything.',
  ]
}

const withMachines = (cluster: string): readonly string[] => [
  `  kubectl --context=${cluster} get nodes,pods --all-namespaces --output=wide`,
  `  kubectl --context=${cluster} logs hello`,
  `  kubectl scale machinedeployment ${cluster}-md-0 --replicas=2`,
]

export function proofLines(proofs: readonly Proof[]): readonly string[] {
  return proofs.flatMap(({ claim, evidence, holds }) => [
    `${holds ? 'proven' : 'NOT SO'}: ${claim}`,
    ...evidence.map(line => `          ${line}`),
  ])
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
