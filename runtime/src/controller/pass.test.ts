// A pass that fails is told on its object — shell
import { describe, expect, test } from 'vitest'
import { ApiError } from '../client/api-error.ts'
import { awaitChange, type Failure, type Shell } from '../contract/types.ts'
import { controllerUnderTest, object, widgets } from '../testing/controller-under-test.ts'

describe('a pass that throws before it reported', () => {
  const busy = new ApiError({ reason: 'Internal', message: 'request 17 failed', request: 'GET /crds/x', code: 500 })
  const forbidden = new ApiError({ reason: 'Forbidden', message: 'you may not', request: 'GET /crds/x', code: 403 })

  /** Throws the errors, one a pass, the last again and again; what is said on the object. */
  function failing(...errors: readonly (Error | undefined)[]) {
    const said: Failure[] = []
    const fixture = controllerUnderTest({
      reconcile: async () => {
        const error = errors[Math.min(fixture.passes.length, errors.length) - 1]
        if (error) throw error
        return awaitChange
      },
      more: { reportFailure: async (_key, _shell, failure) => void said.push(failure) },
    })
    fixture.running.start()
    fixture.cache.put(widgets, object(widgets, 'a'))
    return { ...fixture, said }
  }

  test('is told without delay what was refused, in words that stay', async () => {
    const { clock, said } = failing(forbidden)
    await clock.advance(1_000)
    expect(said.length).toBeGreaterThan(1)
    for (const failure of said) {
      expect(failure).toEqual({
        reason: 'RequestsFailing',
        message:
          "refused, and tried again: GET /crds/x (Forbidden); mend rights or admission policy; an Event has the server's answer",
        words: 'you may not',
      })
    }
  })

  test('of what mostly passes by itself only when it has lasted for a minute', async () => {
    const { clock, said, passes } = failing(busy)
    await clock.advance(59_000)
    expect([passes.length > 5, said]).toEqual([true, []])
    await clock.advance(120_000)
    expect(said.length).toBeGreaterThan(0)
    expect(said[0]).toMatchObject({ reason: 'RequestsFailing', words: 'request 17 failed' })
    expect(said[0]?.message).toContain('failing for more than a minute, and tried again: GET /crds/x;')
    expect(new Set(said.map(({ message }) => message)).size).toBe(1)
  })

  test('and a pass that succeeds begins the minute anew', async () => {
    const { clock, said, cache } = failing(busy, undefined, busy)
    await clock.advance(59_000)
    cache.put(widgets, object(widgets, 'a'))
    await clock.advance(50_000)
    expect(said).toEqual([])
  })

  test('nothing of a pass that failed once: the next one comes at once', async () => {
    const { clock, said, passes } = failing(new Error('not watched any more'), undefined, forbidden, undefined)
    await clock.advance(1_000)
    expect([passes.length, said]).toEqual([2, []])
  })

  test('of an error of our own that its log has the cause', async () => {
    const { clock, said } = failing(new TypeError('undefined is not a function'))
    await clock.advance(100)
    const message = "this provider failed at the object, and tries again; the manager's log has the cause"
    expect(said[0]).toEqual({ reason: 'InternalError', message })
  })
})

test('a pass that reported, and then fails, has told', async () => {
  const said: unknown[] = []
  const { running, cache, clock, passes } = controllerUnderTest({
    reconcile: async (_, { report }) => {
      await report(widgets, object(widgets, 'a'), { conditions: [] })
      throw new TypeError('undefined is not a function')
    },
    setup: { shellFor: pass => ({ ...pass, report: async () => undefined }) as unknown as Shell },
    more: { reportFailure: async () => void said.push('again') },
  })
  cache.put(widgets, object(widgets, 'a'))
  running.start()
  await clock.settle()
  expect([passes, said]).toEqual([['ns/a'], []])
})
