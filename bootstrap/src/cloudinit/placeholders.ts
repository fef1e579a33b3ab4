// What only the machine knows, in arguments: placeholders that the script fills in at boot — core
import type { Step } from './download.ts'
import { quoted } from './shell/shell-quote.ts'

/** What cloud-init calls this very machine; absent where something else reads the user data. */
export const instanceIDPath = '/var/lib/cloud/data/instance-id'

/** By name: how a shell reads the value, which becomes part of one word and is expanded no further. */
const values: Readonly<Record<string, string>> = {
  hostname: 'uname -n',
  'instance-id': `cat ${quoted(instanceIDPath)}`,
}

const pattern = /%\{([^}]*)\}?/g

/** For messages: `%{hostname} or %{instance-id}`. */
export const placeholderNames: string = Object.keys(values)
  .map(name => `%{${name}}`)
  .join(' or ')

export function hasPlaceholder(text: string): boolean {
  return namesIn(text).length > 0
}

/** The first that looks like one and is none. */
export function unknownPlaceholder(text: string): string | undefined {
  return [...text.matchAll(pattern)].find(([whole, name = '']) => !(name in values && whole.endsWith('}')))?.[0]
}

/** The word as a shell takes it for one, whatever is in it and whatever is filled in. */
export function quotedWithValues(word: string): string {
  const parts = word.split(pattern) // literal text and names, by turns
  return parts.map((part, index) => (index % 2 === 0 ? quoted(part) : `"$${variableOf(part)}"`)).join('')
}

/** Reads each value that the words ask for. One that is empty or has other characters than names have ends the script. */
export function placeholderSteps(words: readonly string[]): readonly Step[] {
  return [...new Set(words.flatMap(namesIn))].map(name => ({
    name: `reading %{${name}}`,
    lines: [
      `${variableOf(name)}=$(${values[name]})`,
      `case "$${variableOf(name)}" in '' | *[!A-Za-z0-9._:/-]*) false ;; esac`,
    ],
  }))
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([, name]) => name ?? [])
}

function variableOf(name: string): string {
  return `k0s_bootstrap_${name.replaceAll('-', '_')}`
}
