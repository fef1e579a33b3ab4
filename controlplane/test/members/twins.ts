// The model and real members side by side — shell
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { hasQuorum, type World } from '../../src/hosted/datastore/etcd/members/testing/model.ts'
import type { Operator } from '../../src/hosted/datastore/etcd/members/testing/operator.ts'
import { strike } from '../../src/hosted/datastore/etcd/members/testing/play.ts'
import type { MemberMachine } from './etcd-process.ts'
import { modelCluster, passModel, picture, restModel } from './model-cluster.ts'
import { type RealCluster, realCluster } from './real-cluster.ts'
import { passReal, type RealPass } from './real-operator.ts'
import type { RoundEvent } from './rounds.ts'

export interface Twins {
  readonly model: Operator
  /** They were, when they came to rest last. */
  readonly areAlike: boolean
  apply(change: (world: World) => void): void
  take(event: RoundEvent): Promise<void>
  rest(): Promise<void>
}

/** Longer than etcd takes to call members healthy, and a new leader to be found. */
const patienceMs = 180_000

/**
 * So often in a row nothing changed, while something is cut off or does not run: real members take longer for a change, so
 * the fault may have met them before it. The two are compared when it is over.
 */
const passesAtRest = 12

export async function twins(machine: MemberMachine): Promise<Twins> {
  const [model, real] = [modelCluster(), realCluster(machine)]
  const log: string[] = []
  let areAlike = false
  await real.follow()

  async function pass(): Promise<RealPass & { readonly found: string }> {
    await real.follow()
    const passed = await passReal(machine, real, model.desired)
    for (const line of linesOf(passed)) if (line !== log.at(-1)) log.push(line)
    await real.follow()
    return { ...passed, found: picture(real.world, passed.seen.members) }
  }

  function apply(change: (world: World) => void): void {
    for (const { world } of [model, real]) change(world)
  }

  return {
    model,
    get areAlike() {
      return areAlike
    },
    apply,
    async take(event) {
      log.push(JSON.stringify(event))
      if (event.kind === 'scale') model.desired = event.number
      else apply(world => happen(world, event))
      for (let index = 0; index < event.passes; index += 1) {
        passModel(model)
        await pass()
      }
    },
    async rest() {
      const expected = restModel(model)
      const deadline = Date.now() + patienceMs
      let [still, last] = [0, '']
      areAlike = false
      while (hasQuorum(model.world) && !areAlike && (still < passesAtRest || isWhole(real))) {
        const { found } = await pass()
        if (Date.now() > deadline) expect({ found, log }).toEqual({ found: expected })
        areAlike = found === expected
        still = found === last ? still + 1 : 0
        last = found
        await delay(100)
      }
    },
  }
}

const isWhole = ({ world }: RealCluster): boolean => world.crashed.size === 0 && world.cut.size === 0

function happen(world: World, { kind, number }: RoundEvent): void {
  if (kind === 'rescaleSet') {
    world.replicas = number
    world.setVersion += 1
  } else if (kind !== 'scale') {
    strike(world, kind, number)
  }
}

function linesOf({ plan, refusal }: RealPass): readonly string[] {
  const said = plan.kind === 'step' ? JSON.stringify(plan.step) : plan.kind === 'wait' ? plan.message : plan.kind
  return refusal === undefined ? [said] : [`${said}: ${refusal}`]
}
