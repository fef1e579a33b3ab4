// A folder's name says whose it is — core

/** A process for good: number and start time. */
interface Owner {
  readonly pid: number
  readonly started: string
}

const mark = 'k0smotron-ts-env'

/** What the names of all folders of a process begin with; there is no moment at which a folder has no owner. */
export function workspacePrefix({ pid, started }: Owner): string {
  return `${mark}.${pid}.${Buffer.from(started).toString('base64url')}.`
}

/** The process that a folder belongs to, `undefined` for a folder that is not ours to judge. */
export function ownerInName(name: string): Owner | undefined {
  const match = /^k0smotron-ts-env\.(\d+)\.([\w-]+)\.\w+$/.exec(name)
  if (!match?.[1] || !match[2]) return undefined
  return { pid: Number(match[1]), started: Buffer.from(match[2], 'base64url').toString() }
}
