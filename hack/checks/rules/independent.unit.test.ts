import { join } from 'node:path'
import { expect, it } from 'vitest'
import { independenceFaults } from './independent.ts'
import { readLayers } from './layers.ts'

const resolve = (path: string, from: string) => (from.startsWith('.') ? join(path, '..', from) : from)
const faultsOf = (files: Readonly<Record<string, string>>) =>
  independenceFaults(
    Object.entries(files).map(([path, text]) => readLayers(path, text)),
    resolve,
  )

const stage = "import { startReleasedStage } from '../harness/released.ts'"
const bed = "import { type Kubectl, startManagement } from '@k0smotron-ts/hack/testenv'"

it("finds a client of the product in a scenario of a release, and in what it takes from others' files", () => {
  const faults = faultsOf({
    'e2e/scenarios/a.core.test.ts': `${stage}\nimport { b } from './support/b.ts'\nimport { until } from '@k0smotron-ts/hack/testenv'`,
    'e2e/scenarios/support/b.ts': "import { c } from '../../harness/c.ts'",
    'e2e/harness/c.ts': "import { type Client, nodes } from '@k0smotron-ts/runtime'",
    'e2e/harness/released.ts': bed,
  })
  expect(faults).toEqual([
    expect.stringContaining('a.core.test.ts -> until'),
    expect.stringContaining('c.ts -> @k0smotron-ts/runtime'),
  ])
})

it('finds it behind a function of our own that starts the release, and in another package of the product', () => {
  const faults = faultsOf({
    'e2e/scenarios/a.core.test.ts':
      "import { w } from '../harness/w.ts'\nimport { c } from '@k0smotron-ts/controlplane'",
    'e2e/harness/w.ts': "import { startReleasedStage } from './released.ts'",
    'e2e/harness/released.ts': bed,
  })
  expect(faults).toEqual([expect.stringContaining('a.core.test.ts -> @k0smotron-ts/controlplane')])
})

it('lets kubectl through, the test bed, and scenarios of managers that run as processes', () => {
  const faults = faultsOf({
    'e2e/scenarios/a.core.test.ts': `${stage}\nimport { type Kubectl, kubectlWith } from '@k0smotron-ts/hack/testenv'\nimport { p } from '../lab-provider/p.ts'`,
    'e2e/lab-provider/p.ts': "import { type Client } from '@k0smotron-ts/runtime'",
    'e2e/harness/released.ts': bed,
    'e2e/scenarios/b.core.test.ts': "import { until } from '@k0smotron-ts/hack/testenv'",
  })
  expect(faults).toEqual([])
})
