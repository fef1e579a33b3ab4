// Who checks a release reaches clusters without the product's client, which would share its faults — core
import type { LayeredFile } from './layers.ts'

/** Starts the stage where a release is installed; it and the lab's provider are the test bed, and may have that client. */
const bed = 'e2e/harness/released.ts'
const isBed = (path: string): boolean => path === bed || path.startsWith('e2e/lab-provider/')

const testenv = '@k0smotron-ts/hack/testenv'
/** What of the environment asks no API server but by kubectl. */
const harmless =
  /^(?:type|Kubectl|kubectlWith|apply|parseComponents|withWebhooksAt|AuditEntry|countBy|isEvent|isLease|isWrite)$/

/** Every import of a client of ours, from each file that a scenario of a release reaches. */
export function independenceFaults(
  files: readonly LayeredFile[],
  resolve: (path: string, from: string) => string,
): string[] {
  const byPath = new Map(files.map(file => [file.path, file]))
  const targetsOf = ({ path, imports }: LayeredFile): string[] => imports.map(({ from }) => resolve(path, from))
  const starts = files.filter(file => file.path.startsWith('e2e/scenarios/') && targetsOf(file).includes(bed))
  const reached = new Set(starts.map(({ path }) => path))
  for (const path of reached)
    for (const target of targetsOf(byPath.get(path) as LayeredFile))
      if (byPath.has(target) && target.startsWith('e2e/') && !isBed(target)) reached.add(target)
  return files.filter(({ path }) => reached.has(path)).flatMap(faultsOf)
}

function faultsOf({ path, imports }: LayeredFile): string[] {
  const why = 'a release is checked by kubectl and e2e/harness/independent.ts'
  return imports.flatMap(({ from, names }) => {
    const taken = from === testenv ? names.filter(name => !harmless.test(name)).join(', ') : from
    const isFault = from.startsWith('@k0smotron-ts/runtime') || (from === testenv && taken !== '')
    return isFault ? [`${path} -> ${taken}: ${why}`] : []
  })
}
