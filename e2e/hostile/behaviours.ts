// What the API server of a workload cluster may do to whoever asks it — shell
import { randomBytes } from 'node:crypto'
import type { Asked } from './server.ts'

export interface Behaviour {
  readonly name: string
  readonly answer: (asked: Asked) => void
  /** The requests whose answers are the attack, as `AGENT METHOD path`. */
  readonly attacks: RegExp
  /** No machine of the cluster gets its data. */
  readonly blocks: boolean
  /** So many connections are served; of a later one the TLS handshake is not answered. */
  readonly served?: number
}

const isQuestion = ({ path }: Asked): boolean => path === '/readyz' || path === '/version'
const isList = ({ method, query }: Asked): boolean => method === 'GET' && !query.has('watch')
const isWatch = ({ query }: Asked): boolean => query.has('watch')

const anything = /./
const work = /^k0s-bootstrap POST/
const handshakes = /^nobody CONNECT/
const lists = /^k0s-bootstrap GET \/api\/v1\/nodes/

export const behaviours: readonly Behaviour[] = [
  { name: 'an endless body', answer: pourForever, attacks: work, blocks: true },
  { name: 'an endless line of a watch', answer: obeying(isWatch, pourForever), attacks: lists, blocks: false },
  { name: 'pages without end', answer: obeying(isList, onePageMore), attacks: lists, blocks: false },
  { name: 'small Nodes without end', answer: obeying(isList, smallNodes), attacks: lists, blocks: false },
  {
    name: 'small Nodes without end in a watch',
    answer: obeying(isWatch, pourSmallNodes),
    attacks: lists,
    blocks: false,
  },
  { name: '250 Nodes with 1 MiB of annotations', answer: obeying(isList, largeNodes), attacks: lists, blocks: false },
  { name: '429 for ever', answer: working(tooMany), attacks: work, blocks: true },
  { name: '429 for ever, also to questions', answer: tooMany, attacks: anything, blocks: true },
  { name: 'one byte a second', answer: working(trickle), attacks: work, blocks: true },
  { name: 'one byte a second, also to questions', answer: trickle, attacks: anything, blocks: true },
  { name: 'garbage', answer: working(garbage), attacks: work, blocks: true },
  { name: 'a TLS stream that is closed', answer: working(closeStream), attacks: work, blocks: true },
  { name: 'a TLS stream that is closed, also to questions', answer: closeStream, attacks: anything, blocks: true },
  { name: 'a refusal in other words each time', answer: working(refuseAnew), attacks: work, blocks: true },
  { name: 'a refusal of other types', answer: working(refuseInOtherTypes), attacks: work, blocks: true },
  { name: '100 Continue without end', answer: working(goOn(100)), attacks: work, blocks: true },
  { name: '103 Early Hints without end', answer: working(goOn(103)), attacks: work, blocks: true },
  { name: 'headers without end', answer: working(endlessHeaders), attacks: work, blocks: true },
  { name: 'values without end', answer: obeying(isList, manyValues), attacks: lists, blocks: false },
  { name: 'objects that do not end', answer: obeying(isList, unfinished), attacks: lists, blocks: false },
  { name: 'a redirect to elsewhere', answer: working(redirect), attacks: work, blocks: true },
  { name: 'a TLS handshake without an answer', answer: once(healthy), attacks: handshakes, blocks: true, served: 4 },
  { name: 'no answer', answer: working(() => undefined), attacks: work, blocks: true },
]

/** Ready when asked whether it is; the attack is in the answers to all else. */
function working(attack: Behaviour['answer']): Behaviour['answer'] {
  return asked => (isQuestion(asked) ? healthy(asked) : attack(asked))
}

/** The next request needs a connection of its own. */
function once(answer: Behaviour['answer']): Behaviour['answer'] {
  return asked => {
    asked.response.shouldKeepAlive = false
    answer(asked)
  }
}

/** Takes tokens, so that machines get their data; the attack is in what is looked for afterwards. */
function obeying(isAttacked: (asked: Asked) => boolean, attack: Behaviour['answer']): Behaviour['answer'] {
  return working(asked => {
    if (isAttacked(asked)) attack(asked)
    else if (asked.method === 'POST') echo(asked)
    else if (isWatch(asked)) begin(asked)
    else json(asked, 200, { items: [], metadata: { resourceVersion: '1' } })
  })
}

function healthy(asked: Asked): void {
  if (asked.path === '/version') json(asked, 200, { gitVersion: 'v1.36.3+k0s' })
  else asked.response.end('ok')
}

function json({ response }: Asked, status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

function begin({ response }: Asked): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.flushHeaders()
}

function echo(asked: Asked): void {
  const object = JSON.parse(asked.body) as { readonly metadata: object }
  json(asked, 201, { ...object, metadata: { ...object.metadata, resourceVersion: '2', uid: 'u' } })
}

/** A socket, or an answer over it. */
interface Sink {
  readonly destroyed: boolean
  write(piece: string | Buffer): boolean
  once(event: 'drain', listener: () => void): unknown
}

/** As fast as it is read. */
function pour(into: Sink, start: string, piece: string | Buffer | (() => string)): void {
  const more = (): void => {
    if (into.destroyed) return
    if (into.write(typeof piece === 'function' ? piece() : piece)) setImmediate(more)
    else into.once('drain', more)
  }
  into.write(start)
  more()
}

function pourForever(asked: Asked): void {
  begin(asked)
  pour(asked.response, '{"type":"ADDED","object":{"metadata":{"name":"', Buffer.alloc(65_536, 'x'))
}

function manyValues(asked: Asked): void {
  begin(asked)
  pour(asked.response, '{"items":[{"metadata":{"name":"n"},"spec":[', '[],{},'.repeat(10_000))
}

/** Almost as large as anything that is taken, and then a byte a second. */
function unfinished(asked: Asked): void {
  begin(asked)
  asked.response.write('{"items":[{"metadata":{"name":"n","annotations":{"a":"')
  asked.response.write(almostLarge)
  drip(asked.response)
}

const almostLarge = Buffer.alloc(10_400_000, 'x')

/** What may come before an answer, and nothing else. */
function goOn(status: number): Behaviour['answer'] {
  const piece = `HTTP/1.1 ${status} Go on\r\n\r\n`
  return ({ socket }) => pour(socket, piece, piece.repeat(100))
}

function endlessHeaders({ socket }: Asked): void {
  pour(socket, 'HTTP/1.1 200 OK\r\n', 'x-more: of the same\r\n'.repeat(1_000))
}

function redirect(asked: Asked): void {
  json(asked, 307, {}, { location: '/elsewhere' })
}

function onePageMore(asked: Asked): void {
  json(asked, 200, { items: [], metadata: { resourceVersion: '1', continue: 'more' } })
}

let small = 0

/** Of a name that no other has. */
const smallNode = (): object => ({ metadata: { name: `n-${small++}` } })

/** As many as one asks for. */
function smallNodes(asked: Asked): void {
  const items = Array.from({ length: Number(asked.query.get('limit') ?? 1) }, smallNode)
  json(asked, 200, { items, metadata: { resourceVersion: '1', continue: 'more' } })
}

function pourSmallNodes(asked: Asked): void {
  begin(asked)
  const added = (): string => `${JSON.stringify({ type: 'ADDED', object: smallNode() })}\n`
  pour(asked.response, '', () => Array.from({ length: 1_000 }, added).join(''))
}

/** An annotation of 1 MiB and the end of its Node. */
const large = Buffer.from(`"large":"${'x'.repeat(1_048_576)}"}},"spec":{}}`)

/** All in one page, whatever was asked for. */
function largeNodes(asked: Asked): void {
  begin(asked)
  const { response } = asked
  const send = (nth: number): void => {
    if (response.destroyed) return
    if (nth === 250) response.end('],"metadata":{"resourceVersion":"1"}}')
    else response.write(startOf(nth), () => response.write(large, () => send(nth + 1)))
  }
  response.write('{"items":[', () => send(0))
}

function startOf(nth: number): string {
  return `${nth > 0 ? ',' : ''}{"metadata":{"name":"n-${nth}","uid":"u-${nth}","resourceVersion":"1","annotations":{`
}

function tooMany(asked: Asked): void {
  json(asked, 429, { kind: 'Status', code: 429, reason: 'TooManyRequests', message: 'later' }, { 'retry-after': '1' })
}

function trickle(asked: Asked): void {
  begin(asked)
  drip(asked.response)
}

function drip(response: Asked['response']): void {
  const timer = setInterval(() => response.write(' '), 1_000)
  response.once('close', () => clearInterval(timer))
}

function garbage(asked: Asked): void {
  begin(asked)
  asked.response.end(randomBytes(100_000))
}

/** In the middle of an answer, and without the end that HTTP asks for. */
function closeStream(asked: Asked): void {
  begin(asked)
  asked.response.write('{"kind":', () => asked.socket.end())
}

function refuseAnew(asked: Asked): void {
  const message = `denied, see request ${randomBytes(8).toString('hex')}`
  json(asked, 403, { kind: 'Status', code: 403, reason: 'Forbidden', message })
}

/** Everything in it has a type that a Status does not have. */
function refuseInOtherTypes(asked: Asked): void {
  const details = { name: 1, causes: [null, { field: {} }], retryAfterSeconds: 'soon' }
  json(asked, 403, { kind: 'Status', code: 'constructor', reason: '__proto__', message: { text: 5 }, details })
}

/** Throws when there is none. */
export function behaviourNamed(name: string): Behaviour {
  const found = behaviours.find(one => one.name === name)
  if (!found) throw new Error(`no server behaves as "${name}"`)
  return found
}
