// A request to the workload cluster failed — core
export class WorkloadError extends Error {
  override readonly name = 'WorkloadError'
  /** Nobody answered. Else the cluster answered, and refused. */
  readonly isUnreachable: boolean
  constructor(cause: Error, isUnreachable: boolean) {
    super(isUnreachable ? cause.message : `the workload cluster refused a request: ${cause.message}`, { cause })
    this.isUnreachable = isUnreachable
  }
}
