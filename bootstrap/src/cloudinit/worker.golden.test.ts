// Whole documents, one for each situation a user can be in; a lab scenario shows each to a real cloud-init — shell
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { joinToken, workerInput } from './testing/inputs.ts'
import { scenarios } from './testing/scenarios.ts'
import { renderWorker } from './worker.ts'

const withoutToken = (document: string): string => document.replaceAll(joinToken, '<join token>')

test.each(Object.entries(scenarios))('%s', async (name, different) => {
  const input = workerInput(different)
  const document = renderWorker(input)
  await expect(withoutToken(document)).toMatchFileSnapshot(join('__golden__', `${name}.yaml`))
  expect(renderWorker(workerInput(different))).toBe(document)
})
