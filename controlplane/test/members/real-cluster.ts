// A StatefulSet as the model has it, whose pods are real processes of etcd — shell
import type { BoundChild } from '@k0smotron-ts/hack/tools'
import { type MemberFile, memberFiles, type Snapshot } from '../../src/hosted/datastore/etcd/members/snapshot.ts'
import { newWorld, type World } from '../../src/hosted/datastore/etcd/members/testing/model.ts'
import { ofStatefulSet } from '../../src/hosted/datastore/etcd/members/testing/nature.ts'
import type { MemberMachine } from './etcd-process.ts'

interface Running {
  readonly ordinal: number
  readonly child: BoundChild
  isStopped: boolean
  isGone: boolean
}

export interface RealCluster {
  /** Of the model only what Kubernetes has: what etcd has is in its processes. */
  readonly world: World
  /** Pods, volumes and processes as they are to be now. */
  follow(): Promise<void>
  /** Writes the files that the snapshot asks for. */
  write(seen: Snapshot): void
}

export function realCluster(machine: MemberMachine): RealCluster {
  const world = newWorld(true)
  const processes = new Map<string, Running>()
  const volumes = new Map<string, Promise<string>>()
  let isNew = true

  const volumeOf = (uid: string): Promise<string> => {
    const volume = volumes.get(uid) ?? machine.newVolume()
    volumes.set(uid, volume)
    return volume
  }

  async function startOne(ordinal: number, podUid: string, claimUid: string): Promise<void> {
    const file: MemberFile = world.files.get(ordinal) ?? { initial: [ordinal] }
    const child = machine.start({
      ordinal,
      volume: await volumeOf(claimUid),
      directory: file.directory ?? '',
      state: isNew ? 'new' : 'existing',
      initial: file.initial,
    })
    isNew = false
    const running = { ordinal, child, isStopped: false, isGone: false }
    void child.gone.then(() => {
      running.isGone = true
    })
    processes.set(podUid, running)
  }

  async function startMissing(): Promise<void> {
    for (const [ordinal, { uid }] of world.pods) {
      const claim = world.claims.get(ordinal)
      const isRunning = processes.get(uid)?.isGone === false
      if (claim && !isRunning && !world.crashed.has(ordinal)) await startOne(ordinal, uid, claim.uid)
    }
  }

  async function endOthers(): Promise<void> {
    const kept = new Set([...world.pods].flatMap(([ordinal, { uid }]) => (world.crashed.has(ordinal) ? [] : uid)))
    const ended = [...processes].filter(([uid]) => !kept.has(uid))
    for (const [uid] of ended) processes.delete(uid)
    await Promise.all(ended.map(([, { child }]) => child.kill()))
  }

  async function removeLost(): Promise<void> {
    const live = new Set([...world.claims.values()].map(({ uid }) => uid))
    for (const [uid, volume] of volumes) {
      if (live.has(uid)) continue
      volumes.delete(uid)
      await machine.loseVolume(await volume)
    }
  }

  function signal(): void {
    for (const one of processes.values()) {
      const isCut = world.cut.has(one.ordinal)
      if (isCut === one.isStopped || one.isGone) continue
      one.isStopped = isCut
      one.child.process.kill(isCut ? 'SIGSTOP' : 'SIGCONT')
    }
  }

  return {
    world,
    write: seen => {
      if (seen.members) world.files = memberFiles(seen)
    },
    async follow() {
      for (let [next] = ofStatefulSet(world); next; [next] = ofStatefulSet(world)) next()
      await endOthers()
      await removeLost()
      await startMissing()
      signal()
    },
  }
}
