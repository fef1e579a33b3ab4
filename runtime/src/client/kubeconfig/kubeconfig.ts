// Kubeconfig text as values; messages name the field and never its content — core
import { load } from 'js-yaml'
import {
  at,
  entries,
  type Field,
  isMapping,
  KubeconfigError,
  optionalText,
  refuseAny,
  refused,
} from './kubeconfig-field.ts'

export { KubeconfigError }

/** Text that a kubeconfig holds, or the file that it points to. `field` is where the kubeconfig says so. */
export type Source =
  | { readonly kind: 'text'; readonly text: string; readonly field: string }
  | { readonly kind: 'file'; readonly path: string; readonly field: string }

export interface KubeconfigCluster {
  readonly server: string
  readonly ca?: Source
  readonly serverName?: string
}

export interface KubeconfigUser {
  readonly cert?: Source
  readonly key?: Source
  readonly token?: Source
  /** Where the kubeconfig names a program or a library that would give the credentials. */
  readonly plugIn?: string
}

export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>
  readonly users: ReadonlyMap<string, KubeconfigUser>
  readonly contexts: ReadonlyMap<string, { readonly cluster: string; readonly user: string }>
  readonly currentContext?: string
}

/** Refuses what we would have to ignore: an insecure connection, a proxy, impersonation. `locate` makes relative paths absolute. */
export function parseKubeconfig(document: string, locate: (path: string) => string = path => path): Kubeconfig {
  const root: Field = { value: parseYaml(document), path: '' }
  const currentContext = optionalText(at(root, 'current-context'))
  return {
    clusters: entries(root, 'clusters', field => readCluster(at(field, 'cluster'), locate)),
    users: entries(root, 'users', field => readUser(at(field, 'user'), locate)),
    contexts: entries(root, 'contexts', field => readContext(at(field, 'context'))),
    ...(currentContext ? { currentContext } : {}),
  }
}

function parseYaml(document: string): unknown {
  try {
    return load(document)
  } catch {
    // Without `cause`: the parser's message quotes the line, and the line may be a private key.
    throw new KubeconfigError('kubeconfig: the document is not valid YAML')
  }
}

function readCluster(field: Field, locate: (path: string) => string): KubeconfigCluster {
  const insecure = at(field, 'insecure-skip-tls-verify')
  if (insecure.value) throw refused(insecure, 'connections without verification are not supported; give the CA instead')
  refuseAny(field, ['proxy-url'], 'proxies are not supported')
  const ca = source(field, 'certificate-authority', locate)
  const serverName = optionalText(at(field, 'tls-server-name'))
  return { server: readServer(at(field, 'server')), ...(ca ? { ca } : {}), ...(serverName ? { serverName } : {}) }
}

function readServer(field: Field): string {
  const server = optionalText(field)
  if (!server) throw refused(field, 'is missing')
  const url = URL.parse(server)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw refused(field, 'is not an http(s) URL')
  if (url.username || url.password) throw refused(field, 'must not hold a user or password')
  return server
}

function readUser(field: Field, locate: (path: string) => string): KubeconfigUser {
  refuseAny(field, ['username', 'password'], 'API servers no longer accept passwords')
  refuseAny(field, ['as', 'as-uid', 'as-groups', 'as-user-extra'], 'impersonation is not supported')
  const cert = source(field, 'client-certificate', locate)
  const key = source(field, 'client-key', locate)
  if (!cert !== !key) throw refused(field, 'client-certificate and client-key must come together')
  const token = readToken(field, locate)
  const plugIn = [at(field, 'exec'), at(field, 'auth-provider')].find(({ value }) => isMapping(value))
  return {
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(token ? { token } : {}),
    ...(plugIn ? { plugIn: plugIn.path } : {}),
  }
}

/** As kubectl reads it: a token file wins over a token. */
function readToken(field: Field, locate: (path: string) => string): Source | undefined {
  const file = at(field, 'tokenFile')
  const path = optionalText(file)
  if (path) return { kind: 'file', path: locate(path), field: file.path }
  const inline = at(field, 'token')
  const text = optionalText(inline)
  return text ? { kind: 'text', text, field: inline.path } : undefined
}

function readContext(field: Field): { cluster: string; user: string } {
  return { cluster: optionalText(at(field, 'cluster')) ?? '', user: optionalText(at(field, 'user')) ?? '' }
}

/** `<name>-data` holds PEM in base64 and wins over the path in `<name>`, as kubectl reads it. */
function source(parent: Field, name: string, locate: (path: string) => string): Source | undefined {
  const inline = at(parent, `${name}-data`)
  const encoded = optionalText(inline)
  if (encoded) return { kind: 'text', text: decodePem(encoded, inline), field: inline.path }
  const file = at(parent, name)
  const path = optionalText(file)
  return path ? { kind: 'file', path: locate(path), field: file.path } : undefined
}

function decodePem(encoded: string, field: Field): string {
  const pem = Buffer.from(encoded, 'base64').toString('utf8')
  if (!pem.includes('-----BEGIN ')) throw refused(field, 'is not PEM in base64')
  return pem
}
