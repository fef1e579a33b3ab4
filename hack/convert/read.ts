// A document of a manifest as YAML, and what keeps it from being converted — core
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import { ManifestError } from './manifest-error.ts'

export interface Read {
  readonly document: Document
  readonly object: unknown
  /** In the file. */
  readonly lineOf: (offset: number) => number
}

/** Each scalar is the text that stands there. Throws a ManifestError for what cannot be read in one way only. */
export function read(text: string, linesBefore: number): Read {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { schema: 'failsafe', lineCounter, prettyErrors: false })
  const lineOf = (offset: number) => linesBefore + lineCounter.linePos(offset).line
  const fault = firstFault(document)
  if (fault) throw new ManifestError(lineOf(fault.offset), fault.message)
  return { document, object: document.toJS() as unknown, lineOf }
}

interface Fault {
  readonly offset: number
  readonly message: string
}

function firstFault(document: Document): Fault | undefined {
  const [error] = document.errors
  return error ? { offset: error.pos[0], message: messageOf(error) } : (keyFault(document) ?? aliasFault(document))
}

function messageOf({ code, message }: YAMLError): string {
  return code === 'MULTIPLE_DOCS' ? 'a document begins without a line of ---; put one before it' : message
}

/** Text of a template language in braces is a map to YAML, whose key is a map. No object of Kubernetes has one. */
function keyFault(document: Document): Fault | undefined {
  let fault: Fault | undefined
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) || isAlias(key)) return undefined
      const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0
      fault = { offset, message: 'a key is no text; render templates ({{ … }}) before they are converted' }
      return visit.BREAK
    },
  })
  return fault
}

function aliasFault(document: Document): Fault | undefined {
  let fault: Fault | undefined
  visit(document, {
    Alias(_, alias, path) {
      const { source, range } = alias
      const isWithin = path.some(node => (isMap(node) || isSeq(node)) && node.anchor === source)
      const offset = range?.[0] ?? 0
      if (isWithin) fault = { offset, message: `the alias *${source} is within what it stands for` }
      else if (!alias.resolve(document)) fault = { offset, message: `the alias *${source} has no anchor (&) before it` }
      return fault && visit.BREAK
    },
  })
  return fault
}

/** What they merge would have to move, and what overrides it, too. */
export function refuseMergeKeys({ document, lineOf }: Read): void {
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === '<<')
        throw new ManifestError(
          lineOf(key.range?.[0] ?? 0),
          'a merge key (<<) is not converted; write out what it merges',
        )
    },
  })
}
