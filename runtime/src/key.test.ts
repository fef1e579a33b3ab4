// Names of objects as queue and logs write them — core
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseKey, printKey } from './key.ts'

const name = fc.stringMatching(/^[a-z0-9:.-]{1,20}$/)

test('what is printed is parsed to the same key', () => {
  fc.assert(
    fc.property(fc.option(name, { nil: undefined }), name, (namespace, own) => {
      const key = namespace === undefined ? { name: own } : { namespace, name: own }
      expect(parseKey(printKey(key))).toEqual(key)
    }),
  )
})
