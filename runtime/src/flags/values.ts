// Values of flags, from text; what a flag cannot have throws, and says what it can — core
import { parseRange } from '../workload/addresses.ts'

const truths: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'true', 'TRUE', 'True'].map(text => [text, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'false', 'FALSE', 'False'].map(text => [text, false])),
}

/** What Go programs take for a boolean, because manifests were written for one. */
export function parseBoolean(text: string): boolean {
  const value = Object.hasOwn(truths, text) ? truths[text] : undefined
  if (value === undefined) throw new Error('it must be true or false')
  return value
}

export function parseCount(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (count < 1) throw new Error('it must be a whole number from 1 to 9999')
  return count
}

export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 65_536
  if (port > 65_535) throw new Error('it must be a port from 0 to 65535')
  return port
}

export function parseNamespace(text: string): string {
  if (text === '' || /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text
  throw new Error('it must be the name of a namespace')
}

/** It becomes part of a label selector. */
export function parseLabelValue(text: string): string {
  if (text === '' || /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(text)) return text
  throw new Error('it must be a label value')
}

/** A list of some of these words, separated by commas. */
export function listOf<T extends string>(...choices: readonly T[]): (text: string) => readonly T[] {
  const one = oneOf(...choices)
  return text => text.split(',').map(part => one(part.trim()))
}

/** Ranges of IP addresses, separated by commas. */
export function parseRanges(text: string): readonly string[] {
  const ranges = text.split(',').flatMap(part => part.trim() || [])
  const wrong = ranges.find(range => parseRange(range) === undefined)
  if (wrong !== undefined) throw new Error(`${JSON.stringify(wrong)} is no range such as 127.0.0.0/8 or ::1/128`)
  return ranges
}

export function oneOf<T extends string>(...choices: readonly T[]): (text: string) => T {
  return text => {
    const choice = choices.find(candidate => candidate === text)
    if (choice === undefined) throw new Error(`it must be one of ${choices.map(c => JSON.stringify(c)).join(', ')}`)
    return choice
  }
}
