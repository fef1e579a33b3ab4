// A request to the workload cluster failed — core
export class WorkloadError extends Error {
  override readonly name = 'WorkloadError'
  /** Nobody answered. Else the cluster answered, and refused. */
  readonly isUnreachable: boolean
  /** `unreachable`: why the cluster counts as unreachable now. */
  constructor(cause: Error, unreachable: string | undefined) {
    super(unreachable ?? `the workload cluster refused a request: ${cause.message}`, { cause })
    this.isUnreachable = unreachable !== undefined
  }
}
