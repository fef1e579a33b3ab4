// What makes the configuration file of a member differ from those of others — core
import { load } from 'js-yaml'
import { etcdPaths } from '../paths.ts'
import type { MemberFile } from './snapshot.ts'

/** What an ordinal is called, and where the others reach it. */
export interface Place {
  readonly name: string
  readonly peerURL: string
}

export function memberKeys({ directory, initial }: MemberFile, placeOf: (ordinal: number) => Place): object {
  const all = initial.map(placeOf).map(({ name, peerURL }) => `${name}=${peerURL}`)
  return {
    'data-dir': directory === undefined ? etcdPaths.data : `${etcdPaths.data}/${directory}`,
    'initial-cluster': all.join(),
  }
}

/** Back from the text, as far as `memberKeys` made it; somebody may have written it by hand. */
export function memberFileIn(text: string): MemberFile {
  const keys = loaded(text)
  const [path, cluster] = ['data-dir', 'initial-cluster'].map(key => keys[key])
  const initial = typeof cluster === 'string' ? cluster.split(',').map(ordinalAtEnd) : []
  const directory = typeof path === 'string' ? path.slice(etcdPaths.data.length + 1) : ''
  return { ...(directory !== '' && { directory }), initial }
}

function loaded(text: string): Record<string, unknown> {
  try {
    const keys = load(text)
    return typeof keys === 'object' && keys !== null ? (keys as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function ordinalAtEnd(member: string): number {
  return Number(/-(\d+)=/.exec(member)?.[1] ?? -1)
}
