// The flags of `k0s worker`, from the user's and our own — core
import { shellWords } from './shell-words.ts'

/** Who the node is. */
export interface NodeIdentity {
  /** The value of the label by which the node of a Machine is found; absent for a pool. */
  readonly machineName?: string
  /** The name under which the node registers; absent: the host name. */
  readonly nodeName?: string
}

/** The words, or what is wrong with which argument. */
export type Arguments =
  | { readonly words: readonly string[] }
  | { readonly problem: { readonly index: number; readonly message: string } }

const kubeletFlag = '--kubelet-extra-args'

/** What one entry of the user's adds. An entry with kubelet arguments is all of it kubelet arguments. */
interface Entry {
  readonly k0s: readonly string[]
  readonly kubelet: readonly string[]
}

/**
 * Our label first, then the user's flags; all kubelet arguments in one flag at the end, ours before the user's: k0s
 * takes the last of two that are equal, so the user can overrule the node's name.
 */
export function workerArguments({ machineName, nodeName }: NodeIdentity, userArgs: readonly string[]): Arguments {
  const k0s = machineName === undefined ? [] : [`--labels=k0smotron.io/machine-name=${machineName}`]
  const kubelet = nodeName === undefined ? [] : [`--hostname-override=${nodeName}`]
  for (const [index, text] of pairedWithValue(userArgs).entries()) {
    const entry = parseEntry(text)
    if (!entry) return { problem: { index, message: 'has a quote or backslash that does not end, or a NUL character' } }
    k0s.push(...entry.k0s)
    kubelet.push(...entry.kubelet)
  }
  return { words: kubelet.length === 0 ? k0s : [...k0s, `${kubeletFlag}=${kubelet.join(' ')}`] }
}

/** A kubelet flag on its own takes the next entry for its value; that entry is left empty, so that positions stay. */
function pairedWithValue(args: readonly string[]): readonly string[] {
  return args.map((arg, index) => {
    if (arg.trim() === kubeletFlag) return `${kubeletFlag} ${args[index + 1] ?? ''}`
    return args[index - 1]?.trim() === kubeletFlag ? '' : arg
  })
}

function parseEntry(text: string): Entry | undefined {
  if (text.includes('\0')) return undefined
  const rest = text.startsWith(kubeletFlag) ? text.slice(kubeletFlag.length) : undefined
  const isKubelet = rest !== undefined && /^[=\s]/.test(rest)
  const words = shellWords(isKubelet ? rest.slice(1) : text)
  if (!words) return undefined
  return isKubelet ? { k0s: [], kubelet: words } : { k0s: words, kubelet: [] }
}
