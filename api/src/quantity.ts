// Kubernetes quantities, as far as two of them have to be compared — core
const decimal: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
}
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const shape = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([eE][+-]?\d+)|([KMGTPE]i|[numkMGTPE]))?$/

/** The amount as a number; `undefined` for what is no quantity. Exact up to 2^53. */
export function amountOf(quantity: number | string): number | undefined {
  const [, digits, exponent, suffix] = shape.exec(String(quantity).trim()) ?? []
  if (digits === undefined) return undefined
  if (exponent !== undefined) return Number(`${digits}${exponent}`)
  if (suffix === undefined) return Number(digits)
  return Number(digits) * (decimal[suffix] ?? 1024 ** (binary.indexOf(suffix) + 1))
}

/** Whether both say the same amount: the API server turns `1024Mi` into `1Gi`. */
export function isSameAmount(a: number | string, b: number | string): boolean {
  const amount = amountOf(a)
  return amount !== undefined && amount === amountOf(b)
}
