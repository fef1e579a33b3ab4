// Programs and libraries of this machine that source text names by their path — core
const literal = /(.)(['"`])(\/(?:usr\/(?:local\/)?)?(?:s?bin|lib|libexec|share)\/[\w.+/-]+)\2(.?)/g

/** Paths of the host that no package has to bring. */
const known: Readonly<Record<string, string>> = {
  '/usr/sbin/policy-rc.d': 'written by us where there is none',
  '/usr/share/keyrings': 'shown in a new root, where there is one',
  '/lib/systemd/systemd': 'what a process list shows of a machine',
}

/**
 * `file:line: path`. A program of this machine is started by its name, which must be declared; a file that only some
 * machines have comes from the machine root. The first word of a command, a key, and what `exec` runs belong to a guest.
 */
export function hostPaths(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    [...line.matchAll(literal)]
      .filter(([, before, , , after]) => before !== '[' && after !== ':' && !/\bexec\(|\bbin_dir\b/.test(line))
      .filter(([, , , named = '']) => !(named in known))
      .map(([, , , named]) => `${path}:${index + 1}: ${named}`),
  )
}
