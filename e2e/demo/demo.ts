// What a demo is, wherever it runs — core

export interface Demo extends AsyncDisposable {
  /** The folder with the logs of everything that runs. */
  readonly logs: string
  /** What every object said last. */
  readonly waitedFor: () => readonly string[]
  /** Makes the cluster and proves that it works; gives what to try next. */
  run(): Promise<readonly string[]>
}
