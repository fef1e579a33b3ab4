// Rolls and scaling in any interleaving, beside a model of the StatefulSet controller — core
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatefulSetModel, type Step } from '../../testing/stateful-set-model.ts'

const kinds = <K extends Step['kind']>(...names: readonly K[]) => fc.record({ kind: fc.constantFrom(...names) })
const ordinal = fc.nat({ max: 4 })
const replicas = fc.integer({ min: 0, max: 5 })
const version = fc.constantFrom('a', 'b', 'c', 'broken')
const isWhole = fc.boolean()
const release = fc.constantFrom('ordered' as const, 'budget' as const)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('scale' as const), replicas }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('version' as const), version }) },
  { weight: 8, arbitrary: kinds('pass', 'pass', 'latePass', 'controller', 'controller', 'round') },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('kubelet' as const), ordinal }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'lose' as const), ordinal }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drain' as const), ordinal }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('partition' as const), partition: fc.constantFrom(0, 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('datastore' as const), isWhole }) },
)
const steps = fc.array(step, { minLength: 20, maxLength: 80, size: 'max' })

describe('a control plane of several replicas', () => {
  it('comes to what the spec says from wherever it is, and never has two pods down by our doing', () => {
    fc.assert(
      fc.property(release, replicas, steps, (kubernetes, start, all) => {
        const model = new StatefulSetModel(kubernetes)
        model.settle({ version: 'a', replicas: start })
        for (const one of all) model.apply(one)
        model.settle({ version: 'a' })
        expect(model.violations).toEqual([])
        expect(model.picture()).toEqual(model.wantedPicture())
        const { writes } = model
        model.apply({ kind: 'pass' })
        expect(model.writes).toBe(writes)
      }),
      { numRuns: 3_000 },
    )
  })

  it('goes on serving with a version that does not start, and gets well when the old one is set back', () => {
    const several = fc.integer({ min: 2, max: 5 })
    fc.assert(
      fc.property(release, several, steps, (kubernetes, count, all) => {
        const model = new StatefulSetModel(kubernetes)
        for (const one of all) model.apply(one)
        model.settle({ version: 'a', replicas: count })
        model.settle({ version: 'broken' })
        expect(model.ready()).toBe(count - 1)
        model.settle({ version: 'a' })
        expect(model.picture()).toEqual(model.wantedPicture())
        expect(model.violations).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })
})
