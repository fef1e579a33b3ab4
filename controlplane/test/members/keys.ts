// Keys in etcd, written and read through one member — shell
import type { Transport } from '@k0smotron-ts/runtime'

export interface Keys {
  /** Resolves when the write is acknowledged, and to whether it is. */
  put(key: string): Promise<boolean>
  /** A read that a quorum stands behind; `undefined`: nobody knows. */
  has(key: string): Promise<boolean | undefined>
}

/** Through the JSON gateway of one member. */
export function keysThrough(transport: Transport): Keys {
  const ask = async (path: string, body: object): Promise<Record<string, unknown> | undefined> => {
    try {
      const sent = {
        method: 'POST',
        path: `/v3/kv/${path}`,
        headers: {},
        body: JSON.stringify(body),
        timeoutMs: 2_000,
      } as const
      const answer = await transport.send(sent)
      const json = (await new Response(ReadableStream.from(answer.body)).json()) as Record<string, unknown>
      return answer.status === 200 ? json : undefined
    } catch {
      return undefined
    }
  }
  const encoded = (text: string): string => Buffer.from(text).toString('base64')
  return {
    put: async key => (await ask('put', { key: encoded(key), value: encoded('x') })) !== undefined,
    has: async key => {
      const found = await ask('range', { key: encoded(key) })
      return found && found.count === '1'
    },
  }
}
