// What the provider needs of the machines behind it — core

export interface Address {
  readonly type: 'InternalIP' | 'Hostname'
  readonly address: string
}

/** What a machine made of its user data, as far as anyone can tell. */
export type Bootstrap =
  | { readonly kind: 'running' | 'succeeded' }
  | { readonly kind: 'failed' | 'unknown'; readonly message: string }

/** A machine that is there. */
export interface PresentMachine {
  readonly addresses: readonly Address[]
  /** Absent: it boots nothing. */
  readonly bootstrap?: Bootstrap
}

export interface MachineIdentity {
  /** Tells machines apart, for ever. */
  readonly providerID: string
  readonly hostname: string
}

export interface MachineOrder extends MachineIdentity {
  /** All that the machine ever gets. */
  readonly userData: Uint8Array
}

/** Outlives the provider that asks: a provider that starts again finds here what runs already. */
export interface Machines {
  find(identity: MachineIdentity): PresentMachine | undefined
  /** Resolves when the machine is switched on; it boots by itself then. */
  powerOn(order: MachineOrder): Promise<void>
  /** Resolves when the machine is gone; one that never was is gone. */
  remove(identity: MachineIdentity): Promise<void>
  /** Tells the provider ID of a machine of which there is news, until the signal is aborted. */
  follow(report: (providerID: string) => void, signal: AbortSignal): void
}
