// Who checks a release reaches clusters without the product's client, which would share its faults — core
import type { LayeredFile } from './layers.ts'

/** Starts the stage where a release is installed; it and the lab's provider are the test bed, and may have that client. */
const bed = 'e2e/harness/released.ts'
const isBed = (path: string): boolean => path === bed || path.startsWith('e2e/lab-provider/')

const testenv = '@k0smotron-ts/hack/testenv'
/** What of the environment asks no API server but by kubectl. */
const harmless =
  /^(?:type|Kubectl|kubectlWith|apply|parseComponents|withWebhooksAt|AuditEntry|countBy|isEvent|isLease|isWrite)$/

/** Has the client, or gives it away. */
const product = /^@k0smotron-ts\/(?:runtime|controlplane|bootstrap)\b/

/** Every import of a client of ours, from each file that a scenario of a release reaches. */
export function independenceFaults(
  files: readonly LayeredFile[],
  resolve: (path: string, from: string) => string,
): string[] {
  const byPath = new Map(files.map(file => [file.path, file]))
  const isFollowed = (path: string): boolean => byPath.has(path) && path.startsWith('e2e/') && !isBed(path)
  /** The file itself, and all that it imports from e2e, at whatever distance; what is beyond the bed is not followed. */
  const reachedFrom = (start: string): ReadonlySet<string> => {
    const reached = new Set([start])
    for (const path of reached)
      if (isFollowed(path)) for (const { from } of byPath.get(path)?.imports ?? []) reached.add(resolve(path, from))
    return reached
  }
  const scenarios = files.filter(({ path }) => path.startsWith('e2e/scenarios/'))
  const reached = new Set(
    scenarios.flatMap(({ path }) => {
      const all = reachedFrom(path)
      return all.has(bed) ? [...all].filter(isFollowed) : []
    }),
  )
  return files.filter(({ path }) => reached.has(path)).flatMap(faultsOf)
}

function faultsOf({ path, imports }: LayeredFile): string[] {
  const why = 'a release is checked by kubectl and e2e/harness/independent.ts'
  return imports.flatMap(({ from, names }) => {
    const taken = from === testenv ? names.filter(name => !harmless.test(name)).join(', ') : from
    const isFault = product.test(from) || (from === testenv && taken !== '')
    return isFault ? [`${path} -> ${taken}: ${why}`] : []
  })
}
