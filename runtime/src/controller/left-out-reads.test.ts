// What there is no room for in memory is not taken for absent — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { awaitChange, type Shell } from '../contract/types.ts'
import { printKey } from '../key.ts'
import { controllerUnderTest, object, parts, widgets } from '../testing/controller-under-test.ts'
import type { ControllerSetup } from './pass.ts'

const large = object(widgets, 'a', { size: 'large' })
const part = object(parts, 'p', { owner: 'a' })

/** Each pass says what it finds of the widget and of its part; the API server has what is `stored`. */
function setUp(stored: readonly KubeObject[], filter?: ControllerSetup['filter']) {
  const found: (KubeObject | undefined)[][] = []
  const reads: string[] = []
  const get = async ({ kind }: ResourceType, { namespace, name }: ObjectKey) => {
    reads.push(`${kind} ${printKey({ ...(namespace !== undefined && { namespace }), name })}`)
    return stored.find(one => one.kind === kind && one.metadata.name === name)
  }
  const fixture = controllerUnderTest({
    reconcile: async (one, { read }) => {
      found.push([read.get(widgets, one), read.get(parts, { namespace: 'ns', name: 'p' })])
      return awaitChange
    },
    setup: { shellFor: pass => ({ ...pass, client: { get } }) as unknown as Shell, ...(filter && { filter }) },
  })
  fixture.running.start()
  return { ...fixture, found, reads }
}

test('it is read in each pass, and each of its changes wakes', async () => {
  const { cache, clock, found, reads } = setUp([large, part])
  cache.leaveOut(parts, part)
  cache.leaveOut(widgets, large)
  await clock.settle()
  expect(found).toEqual([[large, part]])
  expect(reads).toEqual(['Widget ns/a', 'Part ns/p'])
  cache.leaveOut(widgets, large)
  await clock.settle()
  expect(found).toHaveLength(2)
})

test('one that is gone meanwhile is absent', async () => {
  const { cache, clock, found } = setUp([])
  cache.leaveOut(widgets, large)
  await clock.settle()
  expect(found).toEqual([[undefined, undefined]])
})

test('one that another instance looks after stays its own', async () => {
  const { cache, clock, found } = setUp([large], ({ metadata }) => metadata.labels?.size !== 'large')
  cache.leaveOut(widgets, large)
  cache.put(parts, part)
  await clock.settle()
  expect(found).toEqual([[undefined, part]])
})
