// The flags of a manager: k0smotron's, so that its Deployments start ours — core
import { parseBindAddress } from '../health/bind-address.ts'
import {
  listOf,
  oneOf,
  parseBoolean,
  parseCount,
  parseLabelValue,
  parseNamespace,
  parsePort,
  parseRanges,
} from './values.ts'

export interface FlagSpec {
  readonly name: string
  /** What stands for the value in the help; without it, the flag is a switch. */
  readonly value?: string
  readonly description: string
  /** Throws what the value may be. */
  readonly parse: (text: string) => unknown
  /** As text, like a value that is given. */
  readonly fallback?: string
}

const asText = (text: string): string => text

export const managerFlags: readonly FlagSpec[] = [
  {
    name: 'enable-controller',
    value: 'name',
    description: 'run only the controllers of one name; empty: all',
    parse: oneOf('', 'all', 'bootstrap', 'control-plane', 'infrastructure', 'standalone'),
    fallback: '',
  },
  { name: 'leader-elect', description: 'work only while holding the lease', parse: parseBoolean, fallback: 'false' },
  { name: 'namespace', value: 'name', description: 'watch one namespace only', parse: parseNamespace },
  {
    name: 'watch-filter',
    value: 'value',
    description: 'reconcile only objects with the label cluster.x-k8s.io/watch-filter of this value',
    parse: parseLabelValue,
  },
  { name: 'concurrency', value: 'number', description: 'workers per controller', parse: parseCount, fallback: '5' },
  {
    name: 'health-probe-bind-address',
    value: 'address',
    description: 'where /healthz and /readyz are served; 0: nowhere',
    parse: parseBindAddress,
    fallback: ':8081',
  },
  {
    name: 'diagnostics-address',
    value: 'address',
    description: 'where /metrics is served; 0: nowhere',
    parse: parseBindAddress,
    fallback: ':8443',
  },
  {
    name: 'insecure-diagnostics',
    description: 'serve /metrics over plain HTTP and to everyone',
    parse: parseBoolean,
    fallback: 'false',
  },
  {
    name: 'webhook-port',
    value: 'number',
    description: 'where admission and conversion are served; 0: nowhere',
    parse: parsePort,
    fallback: '0',
  },
  {
    name: 'hosted-api',
    value: 'ways',
    description: 'how the API servers of workload clusters are reached, in this order: service, endpoint',
    parse: listOf('service', 'endpoint'),
    fallback: 'service,endpoint',
  },
  {
    name: 'allow-workload-addresses',
    value: 'ranges',
    description: 'where workload clusters may be, although it is loopback, link-local or multicast: 127.0.0.0/8,…',
    parse: parseRanges,
    fallback: '',
  },
  { name: 'feature-gates', value: 'A=true,…', description: 'accepted as in k0smotron', parse: asText, fallback: '' },
  { name: 'kubeconfig', value: 'path', description: 'how to reach the management cluster', parse: asText },
  {
    name: 'log-level',
    value: 'level',
    description: 'error, info or debug',
    parse: oneOf('error', 'info', 'debug'),
    fallback: 'info',
  },
]

/** Flags that existing Deployments may carry, and what to say about each. */
export const deprecatedFlags: readonly (Omit<FlagSpec, 'description'> & { readonly instead: string })[] = [
  { name: 'metrics-bind-address', value: 'address', parse: parseBindAddress, instead: 'use --diagnostics-address' },
  { name: 'metrics-secure', parse: parseBoolean, instead: 'use --insecure-diagnostics' },
  { name: 'enable-http2', parse: parseBoolean, instead: 'it has no effect' },
  { name: 'tls-min-version', value: 'version', parse: asText, instead: 'it has no effect, TLS 1.2 is the least' },
  { name: 'tls-cipher-suites', value: 'names', parse: asText, instead: 'it has no effect' },
  { name: 'zap-devel', parse: parseBoolean, instead: 'it has no effect, use --log-level' },
  { name: 'zap-encoder', value: 'name', parse: asText, instead: 'it has no effect, logs are JSON' },
  { name: 'zap-log-level', value: 'level', parse: asText, instead: 'it has no effect, use --log-level' },
  { name: 'zap-stacktrace-level', value: 'level', parse: asText, instead: 'it has no effect' },
  { name: 'zap-time-encoding', value: 'name', parse: asText, instead: 'it has no effect' },
]
