// A member that is alone, asked now and then how full its database is — shell
import type { Observed } from '../../../observed.ts'
import type { MembersAnswer } from '../../members.ts'
import { statusesOf } from './ask.ts'
import type { AskedMembersDeps } from './asked-members.ts'
import { databasesOf } from './view.ts'

/** There may be thousands of them, so that each is asked seldom, and the first time after a part of it. */
const pauseMs = 5 * 60_000

/** Of all control planes together: each ends after six seconds, so of 1,000 that are silent 20 would be under way. */
const maxUnderWay = 20

export interface AskedAloneDeps extends AskedMembersDeps {
  /** One for all. */
  readonly questions: { underWay: number }
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
    const { questions, random } = this.#deps
    const observed = this.#observed
    if (!observed) return
    if (questions.underWay < maxUnderWay) {
      questions.underWay += 1
      await this.#answered(observed)
      questions.underWay -= 1
    }
    if (this.#observed) this.#cancel = this.#after(pauseMs * (0.8 + 0.4 * random()))
  }

  async #answered(observed: Observed): Promise<void> {
    const { connections, log, wake } = this.#deps
    try {
      const databases = databasesOf(observed, await statusesOf(await connections.gateways(observed)))
      if (this.#learn(databases) && this.#observed) wake()
    } catch (error) {
      log.error({ error }, 'Cannot ask the member of etcd')
    } finally {
      connections.close()
    }
  }

  /** Whether it is news. One answer may be lost; after two nobody knows any more how it is. */
  #learn(databases: Databases): boolean {
    this.#inVain = databases.size > 0 ? 0 : this.#inVain + 1
    if (this.#inVain === 1) return false
    const known = databases.size > 0 ? databases : undefined
    const isNews = printed(known) !== printed(this.#databases)
    this.#databases = known
    return isNews
  }
}

type Databases = NonNullable<MembersAnswer['databases']>

function printed(databases: Databases | undefined): string {
  return JSON.stringify([...(databases ?? [])])
}
