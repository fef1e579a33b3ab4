// What a list-watch goes on without — shell
import type { KubeObject } from '@k0smotron-ts/api'
import type { LeftOut } from '../client/types.ts'
import type { Followed } from './types.ts'

/** The others go on; whoever waits for this one is told by name where that could be read. */
export function reportLeftOut<T extends KubeObject>({ log, type }: Followed<T>, { why, name }: LeftOut): void {
  log.error({ [type.kind]: name ?? 'without a readable name', why }, 'Object left out')
}
