// What a demo is, wherever it runs — core
import type { Progress } from '@k0smotron-ts/hack/tools'

export interface DemoOrder {
  readonly name: string
  /** Where to put the kubeconfig of both clusters. */
  readonly kubeconfig: string
  readonly progress: Progress
}

export interface Demo extends AsyncDisposable {
  /** The folder with the logs of everything that runs. */
  readonly logs: string
  /** What every object said last. */
  readonly waitedFor: () => readonly string[]
  /** Makes the cluster and proves that it works; gives what to try next. */
  run(): Promise<readonly string[]>
}
