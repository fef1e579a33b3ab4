// What cloud-init's own parser reads is what we meant; as a whole file it counts as skipped where that parser is not — shell
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { workerInput } from './testing/inputs.ts'
import { parsedByPyYaml, python } from './testing/python.ts'
import { scenarios } from './testing/scenarios.ts'
import { content, text, traps } from './testing/yaml-traps.ts'
import { toUserData } from './user-data.ts'
import { renderWorker } from './worker.ts'
import { writeFile } from './write-file.ts'

const document = fc.record({
  write_files: fc.array(
    fc.record({ path: text, content, permissions: fc.constantFrom('0644', '600', '0755') }).map(writeFile),
    { maxLength: 4 },
  ),
  runcmd: fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
})

/** Each question starts a Python; a machine may be busy. */
const busyMs = 60_000

describe.skipIf(!python)('PyYAML reads back', { timeout: busyMs }, () => {
  test('every document', () => {
    fc.assert(
      fc.property(fc.array(document, { minLength: 50, maxLength: 50 }), documents => {
        expect(parsedByPyYaml(documents.map(toUserData))).toEqual(documents)
      }),
      { numRuns: 6 },
    )
  })

  test('each trap', () => {
    const documents = traps.map(trap => ({
      write_files: [writeFile({ path: trap, content: trap, permissions: '0644' })],
      runcmd: [[trap]],
    }))
    expect(parsedByPyYaml(documents.map(toUserData))).toEqual(documents)
  })

  test('what is rendered in each situation', () => {
    const documents = Object.values(scenarios).map(different => renderWorker(workerInput(different)))
    for (const parsed of parsedByPyYaml(documents)) {
      expect(parsed).toMatchObject({ runcmd: [['/bin/sh', expect.stringContaining('k0s-bootstrap.sh')]] })
    }
  })
})
