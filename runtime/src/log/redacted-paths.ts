// Which fields of a log line are never printed — core

/** Names under which Kubernetes objects, kubeconfigs and requests carry what must not be in a log. */
const names = [
  'Authorization',
  'authorization',
  'client-key-data',
  'data',
  'key',
  'kubeconfig',
  'password',
  'stringData',
  'tls.key',
  'token',
  'tokens',
  'value',
]

/** A `*` of the logger covers one level, so every level has its own line; a logged object is at most this deep. */
const levels = 4

export const redactedPaths: readonly string[] = names.flatMap(name =>
  Array.from({ length: levels }, (_, level) => `${'*.'.repeat(level)}["${name}"]`.replace('.[', '[')),
)
