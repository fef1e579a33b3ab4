// Which tests belong to which layer; `make test-unit`, `make test-integration` and `make e2e` run one each — shell
import { defineConfig } from 'vitest/config'

/** A program that is started without being declared fails on every machine, not only where it is missing. */
const setupFiles = ['hack/programs/in-tests.ts']

/** So long a busy machine may take for what an idle one does at once; nothing that is asserted depends on speed. */
const patience = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } }

/** The same where a test starts processes, dozens of them one after the other: a machine that is ten times slower gets there too. */
const patienceWithProcesses = { testTimeout: 900_000, hookTimeout: 900_000, expect: { poll: { timeout: 180_000 } } }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles,
          ...patience,
          include: ['{api,runtime,controlplane,bootstrap,config}/src/**/*.test.ts', '{hack,e2e}/**/*.unit.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          setupFiles,
          include: ['{api,runtime,controlplane,bootstrap,config,hack,e2e}/test/integration/**/*.test.ts'],
          ...patienceWithProcesses,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'members',
          setupFiles,
          include: ['controlplane/test/members/**/*.test.ts'],
          ...patienceWithProcesses,
          fileParallelism: false,
        },
      },
      // the k0s stand-in is tested as a process of its own, in namespaces that take root too
      lab('lab-core', ['e2e/scenarios/**/*.core.test.ts', 'e2e/k0s-stand-in/*.test.ts']),
      lab('lab', ['e2e/scenarios/**/*.test.ts', 'e2e/k0s-stand-in/*.test.ts']),
      lab('lab-docs', ['e2e/scenarios/docs*.test.ts']),
    ],
  },
})

/** One lab at a time: it is a whole machine's worth of processes. */
function lab(name: string, include: readonly string[]) {
  return {
    test: {
      name,
      setupFiles,
      include: [...include],
      ...patienceWithProcesses,
      fileParallelism: false,
      maxWorkers: 1,
    },
  }
}
