// The plug-in that a kubeconfig's user names — core
import { at, entries, type Field, isMapping, optionalText, refused } from './kubeconfig-field.ts'

/** `exec`: a program that prints an ExecCredential. */
export interface ExecPlugIn {
  readonly kind: 'exec'
  readonly field: string
  /** A name to be found in PATH, or a path that was made absolute. */
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly apiVersion: string
  /** It wants to know which cluster it is asked for. */
  readonly provideClusterInfo: boolean
  /** It asks a person; nobody sits here. */
  readonly isInteractive: boolean
}

export type PlugIn = ExecPlugIn | { readonly kind: 'auth-provider'; readonly field: string }

/** As kubectl reads it: a command with a slash is relative to the kubeconfig, any other is looked for in PATH. */
export function readPlugIn(user: Field, locate: (path: string) => string): PlugIn | undefined {
  const exec = at(user, 'exec')
  if (isMapping(exec.value)) return readExec(exec, locate)
  const authProvider = at(user, 'auth-provider')
  return isMapping(authProvider.value) ? { kind: 'auth-provider', field: authProvider.path } : undefined
}

function readExec(field: Field, locate: (path: string) => string): ExecPlugIn {
  const command = optionalText(at(field, 'command'))
  if (!command) throw refused(field, 'has no command')
  return {
    kind: 'exec',
    field: field.path,
    command: command.includes('/') ? locate(command) : command,
    args: texts(at(field, 'args')),
    env: Object.fromEntries(entries(field, 'env', entry => optionalText(at(entry, 'value')) ?? '')),
    apiVersion: optionalText(at(field, 'apiVersion')) ?? 'client.authentication.k8s.io/v1',
    provideClusterInfo: at(field, 'provideClusterInfo').value === true,
    isInteractive: at(field, 'interactiveMode').value === 'Always',
  }
}

function texts(list: Field): readonly string[] {
  if (list.value === undefined || list.value === null) return []
  if (!Array.isArray(list.value) || !list.value.every(entry => typeof entry === 'string')) {
    throw refused(list, 'is not a list of texts')
  }
  return list.value
}
