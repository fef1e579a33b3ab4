// All other pages of the docs, after the one about installing — shell
import { afterAll, beforeAll, expect, test } from 'vitest'
import { otherPages, readPages } from '../docs/pages.ts'
import { createReader, type Reader } from '../docs/reader.ts'
import { type ReleasedStage, startReleasedStage } from '../harness/released.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { ownLab } from './support/own-lab.ts'

const version = 'v0.1.0'
const pages = (await readPages(await otherPages())).filter(({ parts }) => parts.length > 0)

describeWithEachK0s('the docs', k0s => {
  let stage: ReleasedStage
  let reader: Reader

  beforeAll(async () => {
    stage = await startReleasedStage({ name: ownLab('docs-all'), versions: [version], k0s })
    reader = await createReader(stage, version)
  })

  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]()
  })

  test.each(pages)('$path', async page => {
    await reader.follow(page)
    expect(page.parts.length).toBeGreaterThan(0)
  })
})
