// The command line of a manager — shell
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { BindAddress } from '../health/bind-address.ts'
import type { LogLevel } from '../log.ts'
import { featureGateWarnings } from './feature-gates.ts'
import { deprecatedFlags, type FlagSpec, managerFlags } from './flag-specs.ts'

export interface ManagerFlags {
  /** As given: the name of the lease depends on it. Empty: all. */
  readonly enableController: string
  readonly leaderElect: boolean
  /** Absent: all namespaces. */
  readonly namespace?: string
  /** Absent: every object is ours. */
  readonly watchFilter?: string
  /** Workers per controller. */
  readonly concurrency: number
  /** Absent: no probes. */
  readonly healthProbeAddress?: BindAddress
  /** Absent: no metrics. */
  readonly diagnosticsAddress?: BindAddress
  readonly insecureDiagnostics: boolean
  /** 0: no webhooks. */
  readonly webhookPort: number
  /** `service`: the Service in the hosting cluster; `endpoint`: what workers use, the only way from outside. */
  readonly hostedApi: readonly ('service' | 'endpoint')[]
  /** Ranges of addresses that workload clusters may be at, although tenants could reach the manager's own host or link by them. */
  readonly allowWorkloadAddresses: readonly string[]
  /** Absent: the usual places, then the pod's service account. */
  readonly kubeconfig?: string
  readonly logLevel: LogLevel
}

/** What the command line asks for. */
export type CommandLine =
  | { readonly kind: 'flags'; readonly flags: ManagerFlags; readonly warnings: readonly string[] }
  | { readonly kind: 'help'; readonly text: string }

/** A command line that cannot be meant; the message names the flag and its value. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Parses what follows the program's name. Throws a UsageError; asks nothing of the process. */
export function parseManagerFlags(
  program: string,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const printed: string[] = []
  const command = new Command(program)
    .exitOverride()
    .configureOutput({ writeOut: text => void printed.push(text), writeErr: () => undefined })
    .allowExcessArguments(false)
  for (const spec of managerFlags) command.addOption(optionOf(spec))
  for (const spec of deprecatedFlags) command.addOption(optionOf({ ...spec, description: spec.instead }).hideHelp())
  try {
    command.parse([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') return { kind: 'help', text: printed.join('') }
    throw new UsageError(error.message.replace(/^error: /, ''), { cause: error })
  }
  return flagsOf(command, env)
}

/** A switch may have a value (`--leader-elect=false`), as Go's have. */
function optionOf({ name, value, description, parse, fallback }: FlagSpec): Option {
  const option = new Option(`--${name} ${value === undefined ? '[true|false]' : `<${value}>`}`, description)
  if (fallback !== undefined) option.default(parse(fallback), fallback)
  if (value === undefined) option.preset('true')
  return option.argParser((text: string) => {
    try {
      return parse(text)
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
    }
  })
}

/** The values as commander has them: by camel-cased name. */
interface Values extends Omit<ManagerFlags, 'healthProbeAddress'> {
  readonly healthProbeBindAddress?: BindAddress
  readonly featureGates: string
  readonly metricsBindAddress?: BindAddress
  readonly metricsSecure?: boolean
}

function flagsOf(command: Command, env: Readonly<Record<string, string | undefined>>): CommandLine {
  const values = command.opts<Values>()
  const { enableController, leaderElect, concurrency, hostedApi, allowWorkloadAddresses, logLevel, webhookPort } =
    values
  const { namespace, watchFilter, kubeconfig } = values
  const warnings = featureGateWarnings(env.K0SMOTRON_FEATURE_GATES ?? values.featureGates)
  const { address, insecure } = diagnosticsOf(command, values)
  const healthProbeAddress = values.healthProbeBindAddress
  const flags: ManagerFlags = {
    enableController,
    leaderElect,
    concurrency,
    hostedApi,
    allowWorkloadAddresses,
    logLevel,
    webhookPort,
    insecureDiagnostics: insecure,
    ...(namespace && { namespace }),
    ...(watchFilter && { watchFilter }),
    ...(kubeconfig && { kubeconfig }),
    ...(healthProbeAddress && { healthProbeAddress }),
    ...(address && { diagnosticsAddress: address }),
  }
  return { kind: 'flags', flags, warnings: [...deprecationsOf(command), ...warnings] }
}

const isGiven = (command: Command, name: string): boolean => command.getOptionValueSource(name) === 'cli'

/** The deprecated flags count where the new ones are not given. */
function diagnosticsOf(
  command: Command,
  values: Values,
): { readonly address: BindAddress | undefined; readonly insecure: boolean } {
  const { diagnosticsAddress, insecureDiagnostics, metricsBindAddress, metricsSecure = true } = values
  if (isGiven(command, 'diagnosticsAddress') || isGiven(command, 'insecureDiagnostics')) {
    return { address: diagnosticsAddress, insecure: insecureDiagnostics }
  }
  const address = isGiven(command, 'metricsBindAddress') ? metricsBindAddress : diagnosticsAddress
  return { address, insecure: !metricsSecure }
}

function deprecationsOf(command: Command): string[] {
  return command.options.flatMap(option => {
    const spec = deprecatedFlags.find(({ name }) => option.long === `--${name}`)
    return spec && isGiven(command, option.attributeName()) ? [`--${spec.name} is deprecated: ${spec.instead}`] : []
  })
}
