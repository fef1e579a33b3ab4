// What a lab could leave on this host — shell
import { labs } from '@k0smotron-ts/hack/lab'
import { labLines, networkLines, sharedLines } from './host-lines.ts'

/** A lab, and the processes that have or had it: their temporary folders are named after them. */
export interface Suspect {
  readonly name: string
  readonly pids: readonly number[]
}

export interface Traces {
  /** What only this lab can have made. */
  readonly own: readonly string[]
  /** What all labs share with the host. Absent: another lab is there, so nobody can tell. */
  readonly shared?: readonly string[]
}

/** Everything that is there now, as comparable text. Labs of other names may come and go meanwhile. */
export async function tracesOf(suspect: Suspect): Promise<Traces> {
  const earlier = await othersOf(suspect)
  const [lines, network, shared] = await Promise.all([labLines(), networkLines(), sharedLines()])
  // a lab is listed before it makes anything, and until all of it is gone
  const others = [...earlier, ...(await othersOf(suspect))]
  const ofOthers = (line: string): boolean => others.some(device => line.split(/[ @]/).includes(device))
  const own = [...lines.filter(markOf(suspect)), ...network.filter(line => !ofOthers(line))]
  return others.length > 0 ? { own } : { own, shared }
}

/** What is there now and was not, and what was there and is not. */
export function left(before: Traces, now: Traces): readonly string[] {
  const shared = before.shared && now.shared ? differences(before.shared, now.shared) : []
  return [...differences(before.own, now.own), ...shared]
}

function differences(before: readonly string[], now: readonly string[]): readonly string[] {
  const added = now.filter(line => !before.includes(line))
  return [...added, ...before.filter(line => !now.includes(line)).map(line => `gone: ${line}`)]
}

/** The devices of all labs but this one. */
async function othersOf({ name }: Suspect): Promise<readonly string[]> {
  return (await labs()).filter(({ plan }) => plan.name !== name).map(({ plan }) => plan.network.uplink.device)
}

/** Namespaces, cgroups and folders carry the lab's name, temporary folders the process that made them; so do programs. */
function markOf({ name, pids }: Suspect): (line: string) => boolean {
  const workspaces = pids.map(pid => `k0smotron-ts-env[.]${pid}[.]`)
  const mark = new RegExp([`k0smotron-ts[./]${name}(?![\\w-])`, `/run/${name}(?![\\w-])`, ...workspaces].join('|'))
  return line => mark.test(line)
}
