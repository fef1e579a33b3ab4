// The command line of a manager — shell
import { expect, test } from 'vitest'
import { type CommandLine, type ManagerFlags, parseManagerFlags, UsageError } from './manager-flags.ts'

const parse = (...argv: string[]): CommandLine => parseManagerFlags('control-plane', argv, {})

function flags(...argv: string[]): ManagerFlags {
  const line = parse(...argv)
  if (line.kind !== 'flags') throw new Error('help instead of flags')
  return line.flags
}

function warnings(argv: readonly string[], env: Record<string, string> = {}): readonly string[] {
  const line = parseManagerFlags('control-plane', argv, env)
  return line.kind === 'flags' ? line.warnings : []
}

const defaults: ManagerFlags = {
  enableController: '',
  leaderElect: false,
  concurrency: 5,
  healthProbeAddress: { port: 8081 },
  diagnosticsAddress: { port: 8443 },
  insecureDiagnostics: false,
  hostedApi: ['service', 'endpoint'],
  allowWorkloadAddresses: [],
  logLevel: 'info',
  webhookPort: 0,
}

test('without flags everything is as in k0smotron', () => {
  expect(parse()).toEqual({ kind: 'flags', flags: defaults, warnings: [] })
})

test('the arguments of k0smotron’s control plane bundle', () => {
  const argv = [
    '--diagnostics-address=:8080',
    '--leader-elect',
    '--enable-controller=control-plane',
    '--feature-gates=',
  ]
  expect(parse(...argv)).toEqual({
    kind: 'flags',
    flags: { ...defaults, diagnosticsAddress: { port: 8080 }, leaderElect: true, enableController: 'control-plane' },
    warnings: [],
  })
})

test('the arguments of k0smotron’s standalone bundle', () => {
  const argv = [
    '--health-probe-bind-address=:8081',
    '--metrics-bind-address=127.0.0.1:8080',
    '--leader-elect',
    '--enable-controller=standalone',
  ]
  const line = parse(...argv)
  expect(line).toMatchObject({
    flags: { diagnosticsAddress: { host: '127.0.0.1', port: 8080 }, insecureDiagnostics: false },
    warnings: ['--metrics-bind-address is deprecated: use --diagnostics-address'],
  })
})

test('every flag arrives', () => {
  const argv = [
    '--enable-controller',
    'bootstrap',
    '--namespace',
    'team-a',
    '--watch-filter',
    'shard.1',
    '--concurrency',
    '20',
    '--health-probe-bind-address',
    '[::]:9081',
    '--diagnostics-address',
    '0',
    '--insecure-diagnostics=true',
    '--hosted-api',
    'endpoint',
    '--allow-workload-addresses',
    '127.0.0.0/8, ::1/128',
    '--feature-gates',
    'CloudInitVars=true',
    '--kubeconfig',
    '/tmp/kubeconfig',
    '--webhook-port',
    '9443',
    '--log-level',
    'debug',
  ]
  expect(flags(...argv)).toEqual({
    enableController: 'bootstrap',
    leaderElect: false,
    namespace: 'team-a',
    watchFilter: 'shard.1',
    concurrency: 20,
    healthProbeAddress: { host: '::', port: 9081 },
    insecureDiagnostics: true,
    webhookPort: 9443,
    hostedApi: ['endpoint'],
    allowWorkloadAddresses: ['127.0.0.0/8', '::1/128'],
    kubeconfig: '/tmp/kubeconfig',
    logLevel: 'debug',
  })
})

test.each([
  [['--leader-elect'], true],
  [['--leader-elect=true'], true],
  [['--leader-elect=1'], true],
  [['--leader-elect=F'], false],
  [['--leader-elect=false'], false],
  [['--leader-elect', '--concurrency=2'], true],
])('%j is %s', (argv, expected) => {
  expect(flags(...argv).leaderElect).toBe(expected)
})

test('an empty namespace or watch filter is none', () => {
  expect(flags('--namespace=', '--watch-filter=')).toEqual(defaults)
})

test.each([
  [['--concurrency=many'], '--concurrency', 'many', 'it must be a whole number from 1 to 9999'],
  [['--concurrency=0'], '--concurrency', '0', 'it must be a whole number'],
  [['--concurrency=-1'], '--concurrency', '-1', 'it must be a whole number'],
  [['--leader-elect=maybe'], '--leader-elect', 'maybe', 'it must be true or false'],
  [['--enable-controller=control'], '--enable-controller', 'control', '"bootstrap", "control-plane"'],
  [['--log-level=trace'], '--log-level', 'trace', 'it must be one of "error", "info", "debug"'],
  [['--namespace=a,b'], '--namespace', 'a,b', 'it must be the name of a namespace'],
  [['--watch-filter=a=b'], '--watch-filter', 'a=b', 'it must be a label value'],
  [['--health-probe-bind-address=8081'], '--health-probe-bind-address', '8081', 'is not an address such as ":8081"'],
  [['--metrics-bind-address=x'], '--metrics-bind-address', 'x', 'is not an address'],
  [['--metrics-secure=x'], '--metrics-secure', 'x', 'it must be true or false'],
  [['--concurrency'], '--concurrency', 'missing', 'argument missing'],
  [['--no-such-flag=7'], '--no-such-flag', '7', 'unknown option'],
  [['-v'], '-v', '', 'unknown option'],
  [['serve'], 'arguments', '', 'too many arguments'],
])('%j is refused: flag, value and what it may be', (argv, flag, value, message) => {
  const refused = (): unknown => parse(...argv)
  expect(refused).toThrow(UsageError)
  for (const part of [flag, value, message]) expect(refused).toThrow(part)
})

test('what existing Deployments carry is accepted with a warning each', () => {
  const argv = [
    '--metrics-secure=true',
    '--enable-http2',
    '--tls-min-version=VersionTLS13',
    '--tls-cipher-suites=A,B',

    '--zap-devel',
    '--zap-encoder=json',
    '--zap-log-level=3',
    '--zap-stacktrace-level=panic',
    '--zap-time-encoding=iso8601',
  ]
  expect(flags(...argv)).toEqual(defaults)
  expect(warnings(argv)).toHaveLength(argv.length)
  for (const warning of warnings(argv)) expect(warning).toMatch(/^--[a-z0-9-]+ is deprecated: /)
})

test.each<[string[], object]>([
  [
    ['--metrics-bind-address=:8080', '--metrics-secure=false'],
    { diagnosticsAddress: { port: 8080 }, insecureDiagnostics: true },
  ],
  [
    ['--metrics-bind-address=:1', '--diagnostics-address=:2'],
    { diagnosticsAddress: { port: 2 }, insecureDiagnostics: false },
  ],
  [
    ['--metrics-secure=false', '--diagnostics-address=:2'],
    { diagnosticsAddress: { port: 2 }, insecureDiagnostics: false },
  ],
  [['--metrics-secure=false'], { diagnosticsAddress: { port: 8443 }, insecureDiagnostics: true }],
])('%j: the deprecated flags count where the new ones are not given', (argv, expected) => {
  expect(flags(...argv)).toMatchObject(expected)
})

test('metrics can be switched off in the deprecated way', () => {
  expect(flags('--metrics-bind-address=0')).not.toHaveProperty('diagnosticsAddress')
})

test('gates from the environment replace those of the flag', () => {
  const line = parseManagerFlags('bootstrap', ['--feature-gates=Nope=true'], {
    K0SMOTRON_FEATURE_GATES: 'Other=true',
  })
  expect(line).toMatchObject({ warnings: ['feature gate "Other=true" is unknown'] })
})

test('a gate that is unknown or malformed is a warning', () => {
  expect(warnings(['--feature-gates=Nope=true,CloudInitVars,toString=true, InPlaceUpdates = true'])).toEqual([
    'feature gate "Nope=true" is unknown',
    'feature gate "CloudInitVars" is not Name=true or Name=false',
    'feature gate "toString=true" is unknown',
  ])
})

test('help names every flag with its default, and no deprecated one', () => {
  const line = parse('--help')
  const text = line.kind === 'help' ? line.text : ''
  expect(text).toContain('Usage: control-plane')
  expect(text).toContain('--diagnostics-address <address>')
  expect(text).toContain('(default: :8443)')
  expect(text).not.toContain('zap')
})
