// The flags of etcd that a user may set, and what their values become in its file — core

/** `undefined`: no value of this flag, or one with which etcd would not start or not be of use. */
export type FlagValue = (text: string) => unknown

const numberFrom =
  (min: number, max: number): FlagValue =>
  text => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : undefined
  }

/** Without a value, a flag says yes. */
const yesOrNo: FlagValue = text => ({ '': true, true: true, false: false })[text]

const oneOf =
  (...values: readonly string[]): FlagValue =>
  text =>
    values.includes(text) ? text : undefined

/** Text in the file, too. Without a unit it is hours. */
const retention: FlagValue = text => (/^[1-9]\d?[mh]?$/.test(text) ? text : undefined)

/** Of the schema's quantities, the largest that a volume has. */
const Pi = 1024 ** 5

/**
 * Those that etcd has had under these names since 3.5. None says who the members are, where data, keys and addresses are, who gets
 * in, or that writes may be lost; none fills the disk beside the database.
 */
export const flags: ReadonlyMap<string, FlagValue> = new Map([
  ['auto-compaction-retention', retention],
  // an election takes at least five heartbeats and at most 50 s
  ['election-timeout', numberFrom(500, 50_000)],
  ['heartbeat-interval', numberFrom(10, 10_000)],
  ['initial-election-tick-advance', yesOrNo],
  ['log-level', oneOf('debug', 'info', 'warn', 'error')],
  // no less than kube-apiserver sends, no more than etcd advises
  ['max-request-bytes', numberFrom(1_572_864, 10_485_760)],
  ['max-txn-ops', numberFrom(128, 10_000)],
  ['metrics', oneOf('basic', 'extensive')],
  ['pre-vote', yesOrNo],
  ['quota-backend-bytes', numberFrom(1, Pi)],
  ['snapshot-count', numberFrom(1000, 10_000)],
  ['tls-min-version', oneOf('TLS1.2', 'TLS1.3')],
])

/** These need no value, so that the next word is none. */
export function isSwitch(flag: string): boolean {
  return flags.get(flag) === yesOrNo
}
