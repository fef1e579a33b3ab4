// What spec.storage.etcd.args says, as keys of etcd's file — core
import { createHash } from 'node:crypto'
import type { Known } from '../../observed.ts'
import { maxQuota, quotaOf } from './claim.ts'
import { flags, isSwitch } from './flags.ts'

export interface EtcdArgs {
  /** Of the file. */
  readonly keys: Readonly<Record<string, unknown>>
  /** Those that have no effect: which, and why. Never a value: there are passwords among them. */
  readonly refused: readonly string[]
}

/** As on a command line: `--flag=value`, `--flag value`, or `--flag` alone; the last one of a flag wins. */
export function etcdArgs(observed: Known): EtcdArgs {
  const { spec, memory } = observed
  const { args = [] } = spec.storage?.etcd ?? {}
  // a release that is replaced by another one must not begin to roll what runs
  if (memory.etcdArgsUnused && memory.datastoreFormed) return { keys: {}, refused: ['spec.storage.etcd.args'] }
  const found = wordsOf(args).map(read)
  const all = Object.assign({}, ...found.map(({ key }) => key))
  const unsafe = unsafeIn(all, observed)
  const refused = [
    ...found.flatMap(one => one.refused ?? []),
    ...Object.entries(unsafe).map(([flag, why]) => `--${flag}: ${why}`),
  ]
  return {
    keys: Object.fromEntries(Object.entries(all).filter(([flag]) => !(flag in unsafe))),
    refused: [...new Set(refused)].map(why => `spec.storage.etcd.args[${why}]`),
  }
}

/** At which a member refuses to write, by its file. */
export function memberQuota(observed: Known): number {
  const { 'quota-backend-bytes': asked } = etcdArgs(observed).keys
  return typeof asked === 'number' ? asked : quotaOf(observed)
}

/** etcd reads its file at start only: other keys replace the pods. */
export function argsMark(keys: EtcdArgs['keys']): Readonly<Record<string, string>> {
  if (Object.keys(keys).length === 0) return {}
  const text = JSON.stringify(Object.entries(keys).toSorted(([one], [other]) => one.localeCompare(other)))
  return { 'k0smotron.io/etcd-args': createHash('sha256').update(text).digest('hex').slice(0, 16) }
}

interface Word {
  readonly index: number
  /** Absent: the word is no flag, or may be the value of the one before. */
  readonly flag?: string
  readonly value: string
}

const flagPattern = /^--?([a-z][a-z\d-]*)(?:=(.*))?$/s

function wordsOf(args: readonly string[]): readonly Word[] {
  return args.flatMap((arg, index): readonly Word[] => {
    const isValue = index > 0 && takesNext(args[index - 1] ?? '')
    const [, flag, given] = flagPattern.exec(arg) ?? []
    if (flag === undefined) return isValue ? [] : [{ index, value: '' }]
    // what nobody here knows may have a value that looks like a flag
    if (isValue && !flags.has(flag)) return [{ index, value: '' }]
    return [{ index, flag, value: given ?? valueAfter(arg, args[index + 1]) }]
  })
}

function valueAfter(arg: string, next: string | undefined): string {
  return next !== undefined && takesNext(arg) && !next.startsWith('-') ? next : ''
}

/** A flag that is given without a value, and needs one. */
function takesNext(arg: string): boolean {
  const [, flag, given] = flagPattern.exec(arg) ?? []
  return flag !== undefined && given === undefined && !isSwitch(flag)
}

interface Read {
  readonly key?: Readonly<Record<string, unknown>>
  readonly refused?: string
}

function read({ index, flag, value }: Word): Read {
  if (flag === undefined) return { refused: `${index}: no flag` }
  const valueIn = flags.get(flag)
  if (!valueIn) return { refused: `--${flag}: decided by the provider or not known` }
  const key = valueIn(value)
  return key === undefined ? { refused: `--${flag}: not a value that it may have` } : { key: { [flag]: key } }
}

const defaults = { 'heartbeat-interval': 100, 'election-timeout': 1000 }

/** Each by itself is good: with these etcd would not start, have no room left, or less than it has filled. */
function unsafeIn(keys: Readonly<Record<string, unknown>>, observed: Known): Readonly<Record<string, string>> {
  const { 'heartbeat-interval': heartbeat, 'election-timeout': election } = { ...defaults, ...keys }
  const { 'quota-backend-bytes': quota } = keys
  const isTooShort = Number(election) < 5 * Number(heartbeat)
  const asked = Object.keys(defaults).filter(flag => isTooShort && flag in keys)
  return {
    ...(typeof quota === 'number' && quotaFault(quota, observed)),
    ...Object.fromEntries(asked.map(flag => [flag, 'an election takes at least 5 heartbeats'])),
  }
}

function quotaFault(quota: number, observed: Known): Readonly<Record<string, string>> {
  if (quota < quotaOf(observed)) return { 'quota-backend-bytes': 'less than without it' }
  return quota > maxQuota(observed) ? { 'quota-backend-bytes': 'no room in the volume' } : {}
}
