// Where the files of a demo may be — shell
import { dirname } from 'node:path'
import { cacheFolder } from '@k0smotron-ts/hack/tools'
import { expect, it } from 'vitest'
import { filesOf } from './state.ts'

it.each(['..', '.', '', '../../x', 'a/b', '/tmp', 'Demo'])('refuses the name %j: its folder is removed', name => {
  expect(() => filesOf(name)).toThrow("A lab's name must match")
})

it.each(['bin', 'lab', 'demo'])('keeps a demo that is called %s away from everything else in the cache', name => {
  const { folder, log } = filesOf(name)
  expect([dirname(folder), dirname(log)]).not.toContain(dirname(cacheFolder()))
  expect(dirname(dirname(folder))).toBe(dirname(cacheFolder()))
})
