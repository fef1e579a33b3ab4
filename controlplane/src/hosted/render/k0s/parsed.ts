// A configuration of k0s that is there: somebody else may have written it — core
import { load } from 'js-yaml'

/** Of `k0s.yaml`; `undefined` where there is none to read. What a parser says against it may quote a password: nobody gets it. */
export function parsedConfig(text: string | undefined): object | undefined {
  return parsed(() => (text === undefined ? undefined : load(text)))
}

export function parsed(parse: () => unknown): object | undefined {
  try {
    const value = parse()
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
