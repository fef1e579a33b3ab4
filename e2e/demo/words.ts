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
