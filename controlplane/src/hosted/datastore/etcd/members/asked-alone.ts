// A member that is alone, asked now and then how full its database is — shell
import type { Observed } from '../../../observed.ts'
import type { MembersAnswer } from '../../members.ts'
import { statusesOf } from './ask.ts'
import type { AskedMembersDeps } from './asked-members.ts'
import type { Questions } from './questions.ts'
import { databasesOf } from './view.ts'

/** There may be thousands of them, so that each is asked seldom, and the first time after a part of it. */
const pauseMs = 5 * 60_000

export interface AskedAloneDeps extends AskedMembersDeps {
  /** One for all. */
  readonly questions: Questions
}

/** Each question is one request to the pod, and the connection ends with it. */
export class AskedAlone {
  readonly #deps: AskedAloneDeps
  #observed: Observed | undefined
  #databases: MembersAnswer['databases']
  /** Questions in a row without an answer. */
  #inVain = 0
  #cancel: (() => void) | undefined

  constructor(deps: AskedAloneDeps) {
    this.#deps = deps
  }

  /** What it said last; waits for nobody. */
  answerTo(observed: Observed): MembersAnswer | undefined {
    this.#observed = observed
    this.#cancel ??= this.#after(pauseMs * this.#deps.random())
    return this.#databases && { answers: new Map(), databases: this.#databases }
  }

  close(): void {
    this.#cancel?.()
    this.#observed = undefined
    this.#deps.connections.close()
  }

  #after(milliseconds: number): () => void {
    return this.#deps.clock.after(milliseconds, () => void this.#ask())
  }

  async #ask(): Promise<void> {
    const { questions, random, wake } = this.#deps
    await questions.begin()
    const observed = this.#observed
    const said = observed && (await this.#said(observed))
    questions.end()
    if (!said || !this.#observed) return
    this.#cancel = this.#after(pauseMs * (0.8 + 0.4 * random()))
    if (this.#learn(said)) wake()
  }

  async #said(observed: Observed): Promise<Databases> {
    const { connections, log } = this.#deps
    try {
      return databasesOf(observed, await statusesOf(await connections.gateways(observed)))
    } catch (error) {
      log.error({ error }, 'Cannot ask the member of etcd')
      return new Map()
    } finally {
      connections.close()
    }
  }

  /** Whether it is news. One answer may be lost; after two nobody knows any more how it is. */
  #learn(databases: Databases): boolean {
    this.#inVain = databases.size > 0 ? 0 : this.#inVain + 1
    if (this.#inVain === 1) return false
    const isNews = printed(databases) !== printed(this.#databases)
    this.#databases = databases
    return isNews
  }
}

type Databases = NonNullable<MembersAnswer['databases']>

function printed(databases: Databases | undefined): string {
  return JSON.stringify(databases && [...databases])
}
