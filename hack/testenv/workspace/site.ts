// Where an environment lives: on this machine's loopback, or at an address of another network namespace — core

export interface Site {
  /** What stands before a program so that it runs there: `nsenter --net=…`; nothing for here. */
  readonly enter: readonly string[]
  /** Where the API server listens. */
  readonly address: string
  /** A free one unless it is given. */
  readonly port?: number
  readonly serviceCidr: string
  /** The first address of `serviceCidr`: the Service `kubernetes`. */
  readonly apiService: string
}

export const loopback: Site = {
  enter: [],
  address: '127.0.0.1',
  serviceCidr: '10.96.0.0/16',
  apiService: '10.96.0.1',
}
