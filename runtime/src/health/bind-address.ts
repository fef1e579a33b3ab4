// Where a server listens, as the flags say it — core

export interface BindAddress {
  /** Absent: every address of both families. */
  readonly host?: string
  /** 0: any free one. */
  readonly port: number
}

/** `:8081`, `127.0.0.1:0`, `[::]:8080`, `localhost:80`; `0` or nothing is off. Everything else throws, and says what it should be. */
export function parseBindAddress(text: string): BindAddress | undefined {
  if (text === '' || text === '0') return undefined
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]\s]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text) ?? []
  if (port === '' || Number(port) > 65_535 || (bracketed !== undefined && !bracketed.includes(':'))) {
    throw new Error(
      `${JSON.stringify(text)} is not an address such as ":8081", "127.0.0.1:8081" or "[::]:8081", nor "0"`,
    )
  }
  const host = bracketed ?? plain
  return { port: Number(port), ...(host !== '' && { host }) }
}
