// A whole management cluster on real nodes: core, our two managers, the lab's machines behind a provider — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { providerNamespace } from '@k0smotron-ts/config'
import { type Lab, startLab } from '@k0smotron-ts/hack/lab'
import { install, type Kubectl, kubectlWith, type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { binaries, type Progress, terminalProgress } from '@k0smotron-ts/hack/tools'
import { loadAll } from 'js-yaml'
import { labMachines, labManifests, labProvider, labRights } from '../lab-provider/index.ts'
import { generateCluster, type TemplateVariables } from './clusterctl.ts'
import { type K0s, type K0sChoice, prepareK0s, standInBinaries, usualChoice } from './k0s.ts'
import { type Manager, type ManagersOptions, startManagers } from './managers.ts'
import { changed } from './merge-patch.ts'
import { changesForRealK0s } from './real-k0s.ts'

export interface StageOptions extends ManagersOptions {
  /** Of the lab: those of different names run side by side. */
  readonly name: string
  readonly nodes?: number
  /** The real one where the environment has it, unless given. */
  readonly k0s?: K0sChoice
  readonly progress?: Progress
  /** Told when a step is done. */
  readonly onStep?: (step: string, ms: number) => void
}

export interface Stage extends AsyncDisposable {
  readonly lab: Lab
  readonly management: Management
  /** As admin of the management cluster. */
  readonly kubectl: Kubectl
  readonly k0s: K0s
  readonly managers: readonly Manager[]
  /** For files that go with the stage. */
  readonly folder: string
}

/** Everything that the stage runs; asked for at once, so that a person sees one list of what is built. */
const programs = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'clusterctl',
  'cluster-api-manager',
  'cluster-api-components.yaml',
  'coredns',
  ...standInBinaries,
] as const

/** Resolves when clusters can be made; throws LabUnavailable where there can be no lab. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const { name, nodes = 1, k0s: choice = usualChoice(), progress = terminalProgress() } = options
  const step = timedSteps(options.onStep)
  await step('programs', () => binaries(programs, progress))
  const k0s = await step('images', () => prepareK0s(choice, progress))
  await using started = new AsyncDisposableStack()
  const lab = started.use(await step('lab', () => startLab({ name, nodes, images: k0s.archives, progress })))
  const management = started.use(await step('kinds and rights', () => installed(lab)))
  const provider = labProvider({ machines: labMachines(lab.machines, k0s.machine) })
  started.use(await step('infrastructure provider', () => management.start(provider, labRights.name)))
  const managers = await step('managers', () => startManagers(lab.env, options))
  const kubectl = await kubectlWith(lab.env.kubeconfig)
  const running = started.move()
  return {
    lab,
    management,
    kubectl,
    k0s,
    managers,
    folder: lab.directory,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>

export function timedSteps(onStep: StageOptions['onStep']): Step {
  return async (name, work) => {
    const startedAt = performance.now()
    const result = await work()
    onStep?.(name, performance.now() - startedAt)
    return result
  }
}

async function installed({ env }: Lab): Promise<Management> {
  const management = await startManagement({ env })
  await install(management.client, labManifests(providerNamespace))
  return management
}

/** The objects of the template; with the real k0s, as it needs them in the lab. */
export async function manifestsOf(
  { k0s }: Pick<Stage, 'k0s'>,
  variables: TemplateVariables,
): Promise<readonly KubeObject[]> {
  const objects = loadAll(await generateCluster(variables)) as KubeObject[]
  return k0s.isReal ? changed(objects, changesForRealK0s) : objects
}
