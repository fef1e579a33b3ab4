// How this machine reaches its registries, for a root file system that has no settings of its own — core

type Variables = Readonly<Record<string, string>>

/** Proxies, certificates, and where packages of Node, Go and Python come from. */
const isSetting = (name: string): boolean =>
  /^((https?|all|no|ftp)_proxy|npm_config_registry|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|CURL_CA_BUNDLE|GIT_SSL_CAINFO|PIP_(?!DISABLE).+)$/i.test(
    name,
  )

/** The variables of `go env` that decide where modules come from. */
export const goSettings = ['GOPROXY', 'GOSUMDB', 'GOPRIVATE', 'GONOPROXY', 'GONOSUMDB', 'GOINSECURE'] as const

/** What of an environment a new user on the same network would have. */
export const registrySettings = (env: Readonly<Record<string, string | undefined>>): Variables =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (isSetting(name) && value !== undefined ? [[name, value]] : [])),
  )

/** The files and folders that these variables name; of a list, each. */
export const pathsIn = (settings: Variables): readonly string[] => [
  ...new Set(
    Object.values(settings)
      .flatMap(value => value.split(':'))
      .filter(value => value.startsWith('/') && !value.startsWith('//')),
  ),
]
