// The flags of `k0s worker`, from the user's and our own — core
import { placeholderNames, unknownPlaceholder } from './placeholders.ts'
import { hasExpansion, shellWords } from './shell/shell-words.ts'

/** Who the node is. */
export interface NodeIdentity {
  /** The value of the label by which the node of a Machine is found; absent for a pool. */
  readonly machineName?: string
  /** The name under which the node registers; absent: the host name. */
  readonly nodeName?: string
}

/** One word each; `kubelet` are those that k0s hands to the kubelet. */
export interface Arguments {
  readonly words: readonly string[]
  readonly kubelet: readonly string[]
}

/** What is wrong with which argument. */
export interface ArgumentsFault {
  readonly fault: { readonly index: number; readonly message: string }
}

interface Word {
  /** Of the entry in `spec.args`. */
  readonly index: number
  readonly text: string
}

const kubeletFlag = '--kubelet-extra-args'

/**
 * Our label first, then the user's flags; all kubelet arguments in one flag at the end, ours before the user's: k0s
 * takes the last of two that are equal, so the user can overrule the node's name.
 */
export function workerArguments(
  { machineName, nodeName }: NodeIdentity,
  userArgs: readonly string[],
): Arguments | ArgumentsFault {
  const index = userArgs.findIndex(text => faultOf(text) !== undefined)
  if (index >= 0) return { fault: { index, message: faultOf(userArgs[index] ?? '') ?? '' } }
  const { own, values } = sorted(userArgs.flatMap((text, position) => wordsOf(text).map(at(position))))
  const split = values.find(({ text }) => shellWords(text)?.some(word => /\s/.test(word)))
  if (split) return { fault: { index: split.index, message: blankWithin } }
  const k0s = [...(machineName === undefined ? [] : [`--labels=k0smotron.io/machine-name=${machineName}`]), ...own]
  const named = nodeName === undefined ? [] : [`--hostname-override=${nodeName}`]
  const kubelet = [...named, ...values.flatMap(({ text }) => text.split(/\s+/)).filter(text => text !== '')]
  return { words: kubelet.length === 0 ? k0s : [...k0s, `${kubeletFlag}=${kubelet.join(' ')}`], kubelet }
}

const blankWithin = 'has a kubelet argument with a blank in it: k0s splits them at blanks, whatever the quotes'
const template = `has {{, and no template engine reads it: write the value itself, or ${placeholderNames}, which the machine fills in`
const substitution = `has $(…), \${…} or a backtick, quoted or not, and nothing puts a value there: write the value itself, or ${placeholderNames}, which the machine fills in`
const expansion =
  'has a $ that a shell would expand, and none sees it: write the value itself, or put it between single quotes if it is meant as it stands'

function faultOf(text: string): string | undefined {
  if (text.includes('\0') || !shellWords(text)) return 'has a quote or backslash that does not end, or a NUL character'
  if (text.includes('{{')) return template
  if (/`|\$[({]/.test(text)) return substitution
  const unknown = unknownPlaceholder(text)
  if (unknown !== undefined) return `has ${unknown}; what the machine can fill in is ${placeholderNames}`
  return hasExpansion(text) ? expansion : undefined
}

/** As a shell splits it. An entry that begins with kubelet arguments and has no quotes is all theirs, as in k0smotron. */
function wordsOf(text: string): readonly string[] {
  const [, value] = /^\s*--kubelet-extra-args[=\s]([^'"\\]*)$/.exec(text) ?? []
  return value === undefined ? (shellWords(text) ?? []) : [`${kubeletFlag}=${value}`]
}

const at =
  (index: number) =>
  (text: string): Word => ({ index, text })

/** The flag on its own takes the next word for its value, also that of the next entry. */
function sorted(words: readonly Word[]): { readonly own: readonly string[]; readonly values: readonly Word[] } {
  const own: string[] = []
  const values: Word[] = []
  for (const [position, { index, text }] of words.entries()) {
    if (words[position - 1]?.text === kubeletFlag) values.push({ index, text })
    else if (text.startsWith(`${kubeletFlag}=`)) values.push({ index, text: text.slice(kubeletFlag.length + 1) })
    else if (text !== kubeletFlag) own.push(text)
  }
  return { own, values }
}
