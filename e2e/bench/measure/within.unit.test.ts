// The end of patience — shell
import { expect, test } from 'vitest'
import { within } from './within.ts'

test('what is done in time is passed on, its failure too', async () => {
  await expect(within(60, () => 'never told', Promise.resolve(7))).resolves.toBe(7)
  await expect(within(60, () => 'never told', Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})

test('what never ends says how far it came', async () => {
  const never = new Promise<void>(() => undefined)
  await expect(within(0, () => '3 of 100 are there', never)).rejects.toThrow('0 s were not enough: 3 of 100 are there')
})
