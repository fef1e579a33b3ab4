// Writes outside of apply: a refusal becomes a value, reported by the condition that it concerns — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { ApiError } from '../client/api-error.ts'
import type { Applied } from '../contract/types.ts'
import { IssueError } from '../pki/issue-error.ts'
import { NotOursError } from './ownership.ts'

/** What a part of a pass wrote, and the snapshot as it is then. */
export interface Step<Observed> {
  readonly observed: Observed
  readonly applied: readonly Applied[]
}

export interface Attempt<T> {
  readonly applied: Applied
  /** What the write returned; absent when it was refused. */
  readonly result?: T
}

export interface Attempting<T> {
  readonly object: KubeObject
  /** The type of the condition that says so when it is refused. */
  readonly concerns: string
  readonly write: () => Promise<T>
}

/** Never throws what an API server refused, nor what no certificate can be made with. */
export async function attempt<T>({ object, concerns, write }: Attempting<T>): Promise<Attempt<T>> {
  try {
    return { applied: { object, concerns, result: 'applied' }, result: await write() }
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof NotOursError || error instanceof IssueError)) throw error
    return { applied: { object, concerns, result: 'refused', error } }
  }
}
