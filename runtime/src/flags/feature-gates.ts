// `--feature-gates` — core

/** Gates of k0smotron with their defaults; neither changes what is done for hosted control planes. */
const known: Readonly<Record<string, boolean>> = { CloudInitVars: false, InPlaceUpdates: false }

export interface FeatureGates {
  readonly gates: Readonly<Record<string, boolean>>
  readonly warnings: readonly string[]
}

/** `A=true,B=false`. What is unknown or no pair is a warning, as in k0smotron: a manager starts with it all the same. */
export function parseFeatureGates(text: string): FeatureGates {
  const entries = text.split(',').filter(entry => entry.trim() !== '')
  const read = entries.map(entry => {
    const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*(true|false)\s*$/.exec(entry) ?? []
    return { entry, name, value: value === 'true' }
  })
  const good = read.filter(({ name }) => Object.hasOwn(known, name))
  const warnings = read.flatMap(({ entry, name }) =>
    Object.hasOwn(known, name)
      ? []
      : [`feature gate ${JSON.stringify(entry)} ${name === '' ? 'is not Name=true or Name=false' : 'is unknown'}`],
  )
  return { gates: { ...known, ...Object.fromEntries(good.map(({ name, value }) => [name, value])) }, warnings }
}
