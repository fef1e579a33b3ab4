// A StatefulSet with Parallel pods, its controller in the ways of several releases, and the passes of ours over it — core
import { isElected, type LiveSet, type MemberPod, type RollPlan, rollPlan } from '../hosted/facts/roll-plan.ts'

export type Step =
  | { readonly kind: 'scale'; readonly replicas: number }
  | { readonly kind: 'version'; readonly version: string }
  /** Somebody sets it. */
  | { readonly kind: 'partition'; readonly partition: number }
  /** `latePass`: it sees the pods as the pass before saw them. `round`: everybody does what is theirs, once. */
  | { readonly kind: 'pass' | 'latePass' | 'controller' | 'round' }
  /** `kubelet`: a pod gets ready, or its end is over. */
  | { readonly kind: 'kubelet' | 'crash' | 'lose'; readonly ordinal: number }
  /** Somebody evicts the pod. */
  | { readonly kind: 'drain'; readonly ordinal: number }
  | { readonly kind: 'datastore'; readonly isWhole: boolean }

/**
 * How a release of Kubernetes replaces pods where it may. `ordered`: the highest outdated one goes, ready or not, and those
 * above must be ready. `budget`: none goes while any is not ready.
 */
export type Release = 'ordered' | 'budget'

interface ModelPod {
  readonly uid: number
  readonly revision: string
  readonly isReady: boolean
  readonly isGoing: boolean
}

/** A pod that is being deleted may be ready until it is gone. */
const serves = ({ isReady, isGoing }: Pick<ModelPod, 'isReady' | 'isGoing'>): boolean => isReady && !isGoing

interface Spec {
  readonly template: string
  readonly replicas: number
  readonly isOnDelete: boolean
  readonly partition: number
}

export class StatefulSetModel {
  readonly #release: Release
  readonly violations: string[] = []
  writes = 0

  #wanted = { replicas: 1, version: 'a' }
  #isWhole = true
  #uids = 0
  #set: Spec | undefined
  #status = { isObserved: false, updateRevision: '', currentRevision: '' }
  readonly #pods = new Map<number, ModelPod>()
  #seen: readonly [number, ModelPod][] = []
  /** Ordinals whose pod served until it was replaced. */
  readonly #replaced = new Set<number>()
  /** Ordinals whose pod served until it was drained. */
  readonly #drained = new Set<number>()

  constructor(release: Release) {
    this.#release = release
  }

  apply(step: Step): void {
    if (step.kind === 'scale') this.#wanted = { ...this.#wanted, replicas: step.replicas }
    if (step.kind === 'version') this.#wanted = { ...this.#wanted, version: step.version }
    if (step.kind === 'partition') this.#setPartition(step.partition)
    if (step.kind === 'datastore') this.#isWhole = step.isWhole
    if (step.kind === 'pass' || step.kind === 'latePass') {
      this.#pass(step.kind === 'latePass' ? this.#seen : [...this.#pods])
    }
    if (step.kind === 'controller') this.#sync()
    if (step.kind === 'round') this.#round()
    if (step.kind === 'drain') this.#drain(step.ordinal)
    else if ('ordinal' in step) this.#happen(step.kind, step.ordinal)
    this.#check()
  }

  /** Nothing goes wrong any more, and everybody does what is theirs until nothing changes. */
  settle(wanted: { readonly version: string; readonly replicas?: number }): void {
    this.#wanted = { ...this.#wanted, ...wanted }
    this.#isWhole = true
    this.#setPartition(0)
    for (let before = ''; before !== this.#everything(); ) {
      before = this.#everything()
      this.#round()
    }
  }

  #round(): void {
    this.apply({ kind: 'pass' })
    this.apply({ kind: 'controller' })
    for (const ordinal of this.#pods.keys()) this.apply({ kind: 'kubelet', ordinal })
  }

  ready(): number {
    return [...this.#pods.values()].filter(serves).length
  }

  picture(): object {
    const pods = [...this.#pods].toSorted(([a], [b]) => a - b)
    const shown = pods.map(([ordinal, { isReady, revision }]) => [ordinal, revision, isReady])
    return { replicas: this.#set?.replicas, pods: shown }
  }

  wantedPicture(): object {
    const { replicas, version } = this.#wanted
    const template = replicas > 1 ? `${version} elected` : version
    return { replicas, pods: Array.from({ length: replicas }, (_, ordinal) => [ordinal, template, true]) }
  }

  #everything(): string {
    return JSON.stringify([this.#set, this.#status, [...this.#pods]])
  }

  #pass(seen: readonly [number, ModelPod][]): void {
    this.#seen = [...this.#pods]
    const wanted = this.#wanted.replicas
    const ordinals = seen.map(([ordinal]) => ({ ordinal }))
    const elects = isElected(wanted, this.#set?.replicas ?? 0, ordinals)
    const template = elects ? `${this.#wanted.version} elected` : this.#wanted.version
    const pods = seen.map(([ordinal, pod]) => ({
      ...pod,
      name: `pod-${ordinal}`,
      ordinal,
      hasConfig: pod.revision === template,
    }))
    const set = this.#set && { ...this.#set, ...this.#status }
    const plan = rollPlan({ wanted, pods, ...(set && { set }), ...(!this.#isWhole && { obstacle: 'the datastore' }) })
    if (set) this.#checkDeletion(pods, set, plan)
    const isOnDelete = elects || this.#set?.isOnDelete === true
    const partition = isOnDelete ? 0 : (this.#set?.partition ?? 0)
    if (this.#write({ template, replicas: plan.replicas, isOnDelete, partition })) return
    const victim = seen.find(([ordinal]) => `pod-${ordinal}` === plan.podToReplace)
    if (victim) this.#replace(...victim)
  }

  /** The API server takes none beside the other strategy. */
  #setPartition(partition: number): void {
    if (!this.#set || this.#set.isOnDelete || this.#set.partition === partition) return
    this.#set = { ...this.#set, partition }
    this.#status.isObserved = false
  }

  #write(next: Spec): boolean {
    if (JSON.stringify(next) === JSON.stringify(this.#set)) return false
    this.writes++
    this.#set = next
    this.#status.isObserved = false
    return true
  }

  /** One that served is evicted, whatever has become of it; another is deleted only as it was seen. */
  #replace(ordinal: number, seen: ModelPod): void {
    this.writes++
    const pod = this.#pods.get(ordinal)
    if (pod?.uid !== seen.uid) return
    const mayGo = serves(seen) ? this.#allowsEviction(pod) : JSON.stringify(pod) === JSON.stringify(seen)
    if (mayGo) this.#takeDown(ordinal, pod)
  }

  /** As the disruption budget has it: one may be missing, and one that does not serve protects nothing. */
  #allowsEviction(pod: ModelPod): boolean {
    return !serves(pod) || this.ready() >= (this.#set?.replicas ?? 0)
  }

  #drain(ordinal: number): void {
    const pod = this.#pods.get(ordinal)
    if (!pod || !this.#allowsEviction(pod)) return
    if (serves(pod)) this.#drained.add(ordinal)
    this.#pods.set(ordinal, { ...pod, isGoing: true })
  }

  /** As far as the pass could see. */
  #checkDeletion(pods: readonly MemberPod[], { replicas, partition }: LiveSet, { podToReplace }: RollPlan): void {
    const victim = pods.find(({ name }) => name === podToReplace)
    if (victim && victim.ordinal < partition) this.violations.push(`${podToReplace} is deleted, and would be as it was`)
    if (!victim?.isReady || replicas === 1) return
    const serving = pods.filter(pod => pod.ordinal < replicas && serves(pod))
    if (serving.length < replicas) this.violations.push(`${podToReplace} is deleted while another one does not serve`)
    if (pods.length > replicas) this.violations.push(`${podToReplace} is deleted while others are scaled away`)
    if (!this.#isWhole) this.violations.push(`${podToReplace} is deleted while the datastore is not whole`)
  }

  #sync(): void {
    if (!this.#set) return
    const { template, replicas, isOnDelete, partition } = this.#set
    const currentRevision = this.#status.currentRevision || template
    this.#status = { isObserved: true, updateRevision: template, currentRevision }
    for (let ordinal = 0; ordinal < replicas; ordinal++) {
      if (this.#pods.has(ordinal)) continue
      const revision = ordinal < partition ? currentRevision : template
      this.#pods.set(ordinal, { uid: this.#uids++, revision, isReady: false, isGoing: false })
    }
    this.#removeLeaving(replicas)
    if (!isOnDelete) this.#roll(template, partition)
  }

  #removeLeaving(replicas: number): void {
    const leaving = [...this.#pods].filter(([ordinal, { isGoing }]) => ordinal >= replicas && !isGoing)
    const isReplacing = [...this.#replaced].some(ordinal => ordinal < replicas)
    if (isReplacing && leaving.length > 0) this.violations.push('scaled down while a pod is replaced')
    for (const [ordinal, pod] of leaving) this.#pods.set(ordinal, { ...pod, isGoing: true })
    for (const set of [this.#replaced, this.#drained]) {
      for (const ordinal of set) if (ordinal >= replicas) set.delete(ordinal)
    }
  }

  #roll(template: string, partition: number): void {
    const all = [...this.#pods].toSorted(([a], [b]) => b - a)
    if (all.every(([, pod]) => pod.revision === template && serves(pod))) this.#status.currentRevision = template
    const members = all.filter(([ordinal]) => ordinal >= partition)
    const isOutdated = ({ revision, isGoing }: ModelPod) => revision !== template && !isGoing
    const first =
      this.#release === 'ordered'
        ? members.find(([, pod]) => isOutdated(pod) || !serves(pod))
        : members.every(([, pod]) => serves(pod)) && members.find(([, pod]) => isOutdated(pod))
    if (first && isOutdated(first[1])) this.#takeDown(...first)
  }

  #takeDown(ordinal: number, pod: ModelPod): void {
    if (serves(pod)) this.#replaced.add(ordinal)
    if (serves(pod) && this.#drained.size > 0)
      this.violations.push(`${ordinal} is replaced while another one is drained`)
    this.#pods.set(ordinal, { ...pod, isGoing: true })
  }

  #happen(kind: 'kubelet' | 'crash' | 'lose', ordinal: number): void {
    const pod = this.#pods.get(ordinal)
    if (!pod) return
    if (kind === 'lose' || (kind === 'kubelet' && pod.isGoing)) this.#pods.delete(ordinal)
    else if (kind === 'crash') this.#pods.set(ordinal, { ...pod, isReady: false })
    else if (!pod.revision.startsWith('broken')) {
      this.#pods.set(ordinal, { ...pod, isReady: true })
      this.#replaced.delete(ordinal)
      this.#drained.delete(ordinal)
    }
  }

  #check(): void {
    if (this.#replaced.size > 1) this.violations.push(`replaced at once: ${[...this.#replaced].join()}`)
    const alone = [...this.#pods].find(([, { revision }]) => !revision.endsWith('elected'))
    if (alone && this.#pods.size > 1) this.violations.push(`pod ${alone[0]} works beside others without election`)
  }
}
