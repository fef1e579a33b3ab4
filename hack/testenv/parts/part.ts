// What every part of an environment is — shell

import type { Workspace } from '../workspace/workspace.ts'
import type { ControlPlane } from './control-plane.ts'

export type PartFile =
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kwok'
  | 'kwok-stages.yaml'
  | 'cluster-api-manager'
  | 'cluster-api-components.yaml'

/** Where a part runs. */
export interface PartDeps {
  readonly workspace: Workspace
  readonly controlPlane: ControlPlane
  readonly files: Readonly<Record<PartFile, string>>
}

/** One part of an environment. `start` resolves when a test can rely on it. */
export interface Part {
  readonly files: readonly PartFile[]
  start(deps: PartDeps): Promise<void>
}
