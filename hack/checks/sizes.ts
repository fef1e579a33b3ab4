// How long files and functions may be — core

export const limits = { file: 300, testFile: 400, function: 50 } as const

export interface SizedFunction {
  readonly name: string
  readonly line: number
  readonly length: number
}

const head =
  /^(\s*)(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function\*?\s+([\w$]+)|(?:const|let)\s+([\w$]+)[^=]*=\s*(?:async\s*)?\(.*=>\s*\{$|(?:static\s+|async\s+|#)*([\w$]+)\(.*\)[^{;]*\{$)/

/**
 * Functions by indentation, which the formatter guarantees: one ends at the first closing brace that stands as deep as
 * its head. Good enough to find the long ones without a parser.
 */
export function functionsOf(text: string): SizedFunction[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const [, indent, ...names] = head.exec(line) ?? []
    const name = names.find(Boolean)
    if (
      indent === undefined ||
      name === undefined ||
      /^(if|for|while|switch|catch|return|test|it|describe)$/.test(name)
    )
      return []
    const end = lines.findIndex(
      (other, at) =>
        at > index && (other.startsWith(`${indent}}`) || (other.startsWith(`${indent})`) && other.endsWith('}'))),
    )
    return end < 0 ? [] : [{ name, line: index + 1, length: end - index + 1 }]
  })
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
