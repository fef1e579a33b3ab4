// What whoever writes a control plane should know at once — core
import { type HostedSpec, noK0sVersion, parseK0sVersion, printK0sVersion, spellingOf } from '@k0smotron-ts/api'
import { datastoreOf } from '../hosted/datastore/choice.ts'
import { unsupportedInSpec } from '../hosted/not-supported.ts'
import { knowsStacks } from '../hosted/render/k0s/stacks.ts'

/** `path`: of the spec in its object. None of this is refused: the conditions of the object say it too. */
export function hostedWarnings(spec: HostedSpec, path: string): string[] {
  return [...ofVersion(spec, path), ...ofFields(spec, path)]
}

function ofVersion({ version = '' }: HostedSpec, path: string): string[] {
  if (version === '') return []
  const parsed = parseK0sVersion(version.trim())
  if (!parsed) return [`${path}.version: ${noK0sVersion(version)}`]
  const used = printK0sVersion(parsed, 'plus')
  return [
    ...(spellingOf(version) === 'bare' ? [`${path}.version: ${version} has no suffix, ${used} is used`] : []),
    ...(knowsStacks(parsed) ? [] : [`${path}.version: this release does not know the add-ons of ${used}`]),
  ]
}

function ofFields(spec: HostedSpec, path: string): string[] {
  return unsupportedInSpec({ spec, datastore: datastoreOf(spec) }).map(field => {
    const name = field.path.replace(/^spec/, path)
    return field.blocks
      ? `${name}: this release does not act on it, and starts nothing without it`
      : `${name}: this release does not act on it`
  })
}
