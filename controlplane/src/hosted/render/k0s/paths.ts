// Where things are in the k0s pod — core

export const k0sPaths = {
  /** k0s.yaml and what belongs to it; a read-only ConfigMap. */
  config: '/etc/k0s',
  data: '/var/lib/k0s',
  /** An emptyDir of its own: every new pod issues all of k0s's leaf certificates anew. */
  pki: '/var/lib/k0s/pki',
  /** What lies in the data directory when k0s starts, as mounted, to be copied: k0s writes beside it and changes modes. */
  initial: '/run/k0smotron/initial',
  run: '/run/k0s',
} as const
