// Manifests of older versions as text of the stored ones: comments stay, and so does everything of other kinds — core
import type { JsonObject } from '@k0smotron-ts/api'
import { type Document, parseDocument } from 'yaml'
import { ManifestError } from './manifest-error.ts'
import { converted, objectsIn } from './objects.ts'
import { type Read, read, refuseMergeKeys } from './read.ts'
import { isSame, reshape } from './reshape.ts'
import { type Stray, straysOf } from './strays.ts'

export interface Converted {
  readonly text: string
  readonly strays: readonly Stray[]
}

/** The text of documents that need no other is left byte for byte. */
export function convertManifests(text: string): Converted {
  let lines = 0
  const [byteOrderMark = ''] = /^\uFEFF/.exec(text) ?? []
  const parts = text
    .slice(byteOrderMark.length)
    .split(/^(?=---(?:\s|$))/m)
    .map(part => {
      const [header = ''] = /^---[ \t]*(#[^\n]*)?\r?\n/.exec(part) ?? []
      const document = convertDocument(part.slice(header.length), lines + linesIn(header))
      lines += linesIn(part)
      return { ...document, text: header + document.text }
    })
  return {
    text: byteOrderMark + parts.map(part => part.text).join(''),
    strays: parts.flatMap(({ strays }) => strays),
  }
}

const linesIn = (text: string) => text.split('\n').length - 1

/** Others are not even parsed: they may be of a language that makes YAML. */
const mayBeOurs = /\bapiVersion['"]?\s*:\s*['"]?[a-z0-9.-]*(k0smotron\.io|cluster\.x-k8s\.io)\/v1beta/

function convertDocument(text: string, linesBefore: number): Converted {
  if (!mayBeOurs.test(text)) return { text, strays: [] }
  const document = read(text, linesBefore)
  try {
    return convertRead(document, text)
  } catch (error) {
    if (error instanceof ManifestError || !(error instanceof Error)) throw error
    throw new ManifestError(document.lineOf(0), error.message)
  }
}

function convertRead(document: Read, text: string): Converted {
  const { object } = document
  const strays = objectsIn(object).flatMap(one => straysOf(one, document))
  const whole = converted(object)
  if (whole === object) return { text, strays }
  refuseMergeKeys(document)
  const print = jsonOf(text) ?? yamlOf(document.document, text, whole as JsonObject)
  return { text: checked(print, whole, document.lineOf(0)), strays }
}

/** JSON stays JSON: kubectl takes what begins with a brace for nothing else. Absent when the text is none. */
function jsonOf(text: string): string | undefined {
  const value = parsedJson(text)
  if (value === undefined) return undefined
  const [, indent = ''] = /^\s*\{\r?\n([ \t]*)"/.exec(text) ?? []
  const [end = ''] = /\s*$/.exec(text) ?? []
  return inLineEndsOf(text, JSON.stringify(converted(value), undefined, indent)) + end
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** In the style of the text. */
function yamlOf(document: Document, text: string, whole: JsonObject): string {
  reshape(document, whole)
  const style = {
    lineWidth: 0,
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\r?\n\1- /m.test(text),
    flowCollectionPadding: !/[[{][^\s\]}]/.test(text),
  }
  const print = document.toString(style)
  return inLineEndsOf(text, text.endsWith('\n') ? print : print.replace(/\n$/, ''))
}

const inLineEndsOf = (text: string, print: string) => (text.includes('\r\n') ? print.replaceAll('\n', '\r\n') : print)

/** Read back: nothing but comments and blanks may differ from what was converted. */
function checked(print: string, whole: unknown, line: number): string {
  const again = parseDocument(print, { schema: 'failsafe' })
  if (again.errors.length > 0 || !isSame(again.toJS(), whole))
    throw new ManifestError(
      line,
      'the document cannot be rewritten, as with an alias (*) that comes before its anchor (&); write out what it stands for',
    )
  return print
}
