// `--feature-gates` — core

/** Gates of k0smotron. Neither changes what is done for hosted control planes, so their values are not kept. */
const known: readonly string[] = ['CloudInitVars', 'InPlaceUpdates']

/** `A=true,B=false`. What is unknown or no pair is a warning, as in k0smotron: a manager starts with it all the same. */
export function featureGateWarnings(text: string): string[] {
  return text
    .split(',')
    .filter(entry => entry.trim() !== '')
    .flatMap(entry => {
      const [, name] = /^\s*(\w+)\s*=\s*(?:true|false)\s*$/.exec(entry) ?? []
      if (name !== undefined && known.includes(name)) return []
      return `feature gate ${JSON.stringify(entry)} ${name === undefined ? 'is not Name=true or Name=false' : 'is unknown'}`
    })
}
