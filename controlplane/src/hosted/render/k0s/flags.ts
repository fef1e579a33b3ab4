// Reads the flags that a user gives k0s — core
import type { Observed } from '../../observed.ts'

type Flags = readonly string[]

export function userFlags({ spec }: Observed): Flags {
  return spec.controlPlaneFlags ?? []
}

/** Every value of a flag: `--name=value` or `--name value`, as often as it is given. */
export function valuesOf(flags: Flags, name: string): Flags {
  return flags.flatMap((flag, index) => {
    if (flag === `--${name}`) return flags[index + 1] ?? []
    return flag.startsWith(`--${name}=`) ? flag.slice(name.length + 3) : []
  })
}

/** Whether a flag without a value is given; `--name=false` says no. */
export function isSet(flags: Flags, name: string): boolean {
  return flags.some(flag => flag === `--${name}` || /^(1|t|true)$/i.test(valuesOf([flag], name)[0] ?? ''))
}

/** Whether the user brings a configuration file: `--config`, or `-c`, which may follow other letters and its value may be attached. */
export function hasOwnConfig(flags: Flags): boolean {
  return flags.some(flag => flag === '--config' || flag.startsWith('--config=') || /^-[dv]*c/.test(flag))
}

/** The components of k0s that are switched off. */
export function disabledComponents(flags: Flags): ReadonlySet<string> {
  return new Set(valuesOf(flags, 'disable-components').flatMap(names => names.split(',')))
}
