// Which files of tools the tests need, layer by layer — core

/** What the embedded management cluster consists of, and the clients that tests use. */
const integration = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'clusterctl',
  'cluster-api-manager',
  'cluster-api-components.yaml',
  'cluster-api-metadata.yaml',
  'kwok',
  'kwok-stages.yaml',
  'helm',
  'prometheus',
] as const

/** Nodes, their DNS, and what the k0s stand-in starts. No node is played, so kwok is not among them. */
const alone = ['kine', 'kubelet', 'kube-proxy', 'coredns'] as const
const lab = [...integration.filter(name => !/^(?:kwok|helm|prometheus)/.test(name)), ...alone] as const

const neededBy: Readonly<Record<string, readonly string[]>> = {
  unit: [],
  integration,
  'lab-core': lab,
  lab,
  'lab-docs': lab,
}

/** What is no layer, in words: a misspelled layer would run nothing. */
export function wrongLayers(layers: readonly string[]): string | undefined {
  const known = Object.keys(neededBy)
  const wrong = layers.filter(layer => !known.includes(layer))
  if (layers.length > 0 && wrong.length === 0) return undefined
  const what = wrong.length === 0 ? 'Name the layers to run' : `No such layer: ${wrong.join(', ')}`
  return `${what}. Layers: ${known.join(', ')}. One file alone: vitest run --project LAYER FILE`
}

/** Without what only the lab needs, where there can be no lab: its tests are skipped there. */
export function selectionFor(layers: readonly string[], canHaveLab: boolean): readonly string[] {
  const run = layers.filter(layer => canHaveLab || !layer.startsWith('lab'))
  return [...new Set(run.flatMap(layer => neededBy[layer] ?? []))]
}
