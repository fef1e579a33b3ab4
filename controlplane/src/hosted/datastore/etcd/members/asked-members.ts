// The members of one control plane, asked again and again for as long as somebody wants to know — shell
import type { Clock, Logger } from '@k0smotron-ts/runtime'
import type { Observed } from '../../../observed.ts'
import type { MembersAnswer } from '../../members.ts'
import { placeOf } from '../config.ts'
import { askMembers, type Gateways, type Said } from './ask.ts'
import type { MemberConnections } from './connections.ts'
import { LastDatabases } from './last-databases.ts'
import type { Plan } from './plan.ts'
import { replicasOf, wantedMembers } from './seen.ts'
import { memberOrdinals } from './snapshot.ts'
import { planSeen } from './standing.ts'
import type { EtcdStep } from './step.ts'

export interface AskedMembersDeps {
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly connections: Pick<MemberConnections, 'gateways' | 'close'>
  /** The answer is not what it was. */
  readonly wake: () => void
}

/** While something is to be changed, and while all is as it should be; between them where all there is to do is to wait. */
const [busyMs, idleMs] = [1_000, 30_000]

/** Asks at once when what a pass has seen is another thing than before, and never twice at a time. */
export class AskedMembers {
  readonly #deps: AskedMembersDeps
  #observed: Observed | undefined
  #seen = ''
  #answer: MembersAnswer | undefined
  #gateways: Gateways = new Map()
  readonly #databases = new LastDatabases()
  /** Kept for as long as it is still what comes next. */
  #refused: { readonly step: EtcdStep; readonly message: string } | undefined
  #isSilent = false
  /** Questions in a row that brought nothing to be done. */
  #inVain = 0
  /** Questions so far, and the one that the answer is from. */
  #questions = 0
  #answered = 0
  #isAsking = false
  /** Something has changed since the question that is under way. */
  #isDue = false
  #isClosed = false
  #cancel: (() => void) | undefined

  constructor(deps: AskedMembersDeps) {
    this.#deps = deps
  }

  /** The last one; waits for nobody. */
  answerTo(observed: Observed): MembersAnswer | undefined {
    this.#observed = observed
    const seen = versionsOf(observed)
    if (seen !== this.#seen) this.#inVain = 0
    if (seen !== this.#seen || (!this.#cancel && !this.#isAsking)) this.#again(0)
    this.#seen = seen
    return this.#answer
  }

  /** For a step that was decided on: from after everything that this pass has seen. */
  async askNow(observed: Observed): Promise<MembersAnswer> {
    const question = this.#nextQuestion()
    const answer = this.#answerOf(await this.#ask(observed))
    this.#learn(answer, question)
    return answer
  }

  /** By the leader: only it hands over, and others would pass a change on to it. What came of it, the next answer tells. */
  async take(step: EtcdStep, peerURLOf: (ordinal: number) => string): Promise<void> {
    const [leader] = [...(this.#answer?.answers ?? [])].find(([, { isLeader }]) => isLeader) ?? []
    const gateway = leader === undefined ? undefined : this.#gateways.get(leader)
    if (!gateway) return
    const send = () => {
      if (step.kind === 'addLearner') return gateway.addLearner(peerURLOf(step.ordinal))
      if (step.kind === 'moveLeader') return gateway.moveLeader(step.to)
      return step.kind === 'promote' ? gateway.promote(step.id) : gateway.remove(step.id)
    }
    const answer = await send()
    const refusal = answer.kind === 'done' ? undefined : answer.message
    this.#refused = refusal === undefined ? undefined : { step, message: refusal }
    this.#again(this.#refused ? busyMs : 0)
  }

  close(): void {
    this.#isClosed = true
    this.#cancel?.()
    this.#cancel = undefined
    this.#deps.connections.close()
  }

  async #ask(observed: Observed): Promise<Said> {
    this.#gateways = await this.#connected(observed)
    const ordinalOf = (url: string): number | undefined =>
      memberOrdinals.find(ordinal => placeOf(observed, ordinal).peerURL === url)
    const { databases: answered, ...said } = await askMembers(observed, this.#gateways, ordinalOf)
    // one question that is lost, at rest or as the first of all, is nothing to be told
    this.#isSilent = !said.members && this.#answer !== undefined && !this.#isSettled()
    const question = { now: this.#deps.clock.elapsed(), replicas: replicasOf(observed) }
    const databases = this.#databases.after(answered, question)
    return { ...said, ...(databases && { databases }) }
  }

  /** An authority that cannot sign is told by its own condition. */
  async #connected(observed: Observed): Promise<Gateways> {
    try {
      return await this.#deps.connections.gateways(observed)
    } catch (error) {
      this.#deps.log.error({ error }, 'Cannot ask the members of etcd')
      return new Map()
    }
  }

  async #askBeside(): Promise<void> {
    this.#cancel = undefined
    const observed = this.#observed
    this.#isDue = this.#isAsking
    if (this.#isAsking || this.#isClosed || !observed) return
    this.#isAsking = true
    try {
      const wasRefused = this.#refused !== undefined
      const question = this.#nextQuestion()
      const said = await this.#ask(observed)
      this.#forgetRefusal(observed, said)
      // a step that was refused is tried again, though nothing has changed
      if (wasRefused && this.#refused) this.#deps.wake()
      this.#learn(this.#answerOf(said), question)
      this.#inVain = this.#isWaiting() ? this.#inVain + 1 : 0
    } finally {
      this.#isAsking = false
      if (!this.#isClosed && !this.#cancel) this.#again(this.#isDue ? 0 : this.#pauseMs())
    }
  }

  /** It may have been done all the same, or not be wanted any more. */
  #forgetRefusal(observed: Observed, said: Said): void {
    if (!this.#refused) return
    const plan = planSeen({ ...observed, datastoreMembers: this.#answerOf(said) })
    const next = plan?.kind === 'step' ? JSON.stringify(plan.step) : undefined
    if (next !== JSON.stringify(this.#refused.step)) this.#refused = undefined
  }

  #pauseMs(): number {
    const { random } = this.#deps
    const pause = this.#isSettled() ? idleMs : Math.min(idleMs, busyMs * 2 ** Math.max(0, this.#inVain - 1))
    return pause * (0.8 + 0.4 * random())
  }

  #isSettled(): boolean {
    return this.#plan()?.kind === 'settled'
  }

  /** For what shows itself in pods or claims, most often, and then they are asked at once. */
  #isWaiting(): boolean {
    return this.#plan()?.kind === 'wait'
  }

  #plan(): Plan | undefined {
    return this.#observed && planSeen({ ...this.#observed, ...this.#known() })
  }

  #known(): Pick<Observed, 'datastoreMembers'> {
    return this.#answer ? { datastoreMembers: this.#answer } : {}
  }

  #answerOf(said: Said): MembersAnswer {
    return {
      ...said,
      ...(this.#isSilent && { isSilent: true }),
      ...(this.#refused && { refusal: this.#refused.message }),
    }
  }

  #nextQuestion(): number {
    this.#questions += 1
    return this.#questions
  }

  /** Two may be under way at a time: what was asked for earlier says nothing about what was learned since. */
  #learn(answer: MembersAnswer, question: number): void {
    if (question < this.#answered) return
    this.#answered = question
    const isNews = printed(answer) !== printed(this.#answer)
    this.#answer = answer
    if (isNews) this.#inVain = 0
    if (isNews && !this.#isClosed) this.#deps.wake()
  }

  #again(milliseconds: number): void {
    this.#cancel?.()
    this.#cancel = this.#deps.clock.after(milliseconds, () => void this.#askBeside())
  }
}

/** Of what decides beside their answers. */
function versionsOf(observed: Observed): string {
  const { datastoreSet, datastoreClaims, datastorePods } = observed
  const objects = [...(datastoreSet ? [datastoreSet] : []), ...datastoreClaims, ...datastorePods]
  return JSON.stringify([
    wantedMembers(observed),
    objects.map(({ metadata: { uid, resourceVersion } }) => `${uid} ${resourceVersion}`),
  ])
}

function printed(answer: MembersAnswer | undefined): string {
  const { answers, databases } = answer ?? {}
  return JSON.stringify(answer && { ...answer, answers: [...(answers ?? [])], databases: databases && [...databases] })
}
