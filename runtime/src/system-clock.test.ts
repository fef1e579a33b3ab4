// The machine's clock — shell
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { maxTimerMs, systemClock } from './system-clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a delay of months does not fire at once', () => {
  const fired = vi.fn()
  const eightMonths = 8 * 30 * 24 * 3_600_000
  systemClock.after(eightMonths, fired)

  vi.advanceTimersByTime(eightMonths - 1)
  expect(fired).not.toHaveBeenCalled()

  vi.advanceTimersByTime(1)
  expect(fired).toHaveBeenCalledTimes(1)
})

test('a long delay can be called off after its first part', () => {
  const fired = vi.fn()
  const cancel = systemClock.after(2 * maxTimerMs, fired)
  vi.advanceTimersByTime(maxTimerMs + 1)

  cancel()
  vi.advanceTimersByTime(2 * maxTimerMs)

  expect(fired).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})

test('a time that is over already is now, and Node has nothing to warn of', async () => {
  vi.useRealTimers()
  const warnings: Error[] = []
  const listen = (warning: Error) => void warnings.push(warning)
  process.on('warning', listen)
  await new Promise<void>(resolve => systemClock.after(-5, resolve))
  process.off('warning', listen)
  expect(warnings).toEqual([])
})
