// Which of two versions is newer — core

const decimal = /^[1-9]\d*$/

/**
 * Negative, zero or positive as `a` is older than, the same as or newer than `b`; undefined when that cannot be told.
 * Kubernetes defines resourceVersions of one kind as integers of any size; what is no integer came from another kind
 * of server, and there only equality means something.
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0
  if (!decimal.test(a) || !decimal.test(b)) return undefined
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : 1
}
