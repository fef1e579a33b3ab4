// What was asked of the API server, by whom — shell
import { open, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '@k0smotron-ts/runtime'
import { type AuditEntry, parseAuditLines } from './audit-entry.ts'

/** A moment in the log. */
export interface AuditMark {
  readonly offset: number
}

export interface AuditLog {
  /** Now: every request that has been answered is earlier. */
  mark(): Promise<AuditMark>
  /** Every request that was answered since then; the environment's own are left out. */
  since(mark: AuditMark): Promise<readonly AuditEntry[]>
}

/** The user agent of the environment's own requests. */
export const ownUserAgent = 'k0smotron-ts-testenv'

/**
 * A reader of the log file. The server ends an answer only after it wrote the line about it, but to see the lines of
 * others in the file we need to know how far to read: up to the line about a request of our own.
 */
export function openAuditLog(file: string, client: Client): AuditLog {
  let looks = 0
  const endOfNow = async (): Promise<number> => {
    looks += 1
    const path = `/version?look=${looks}`
    const { size } = await stat(file)
    await client.probe(path)
    for (;;) {
      const end = endOfLine(await readFrom(file, size), `"requestURI":"${path}"`)
      if (end !== undefined) return size + end
      await delay(5)
    }
  }
  return {
    async mark() {
      return { offset: await endOfNow() }
    },
    async since({ offset }) {
      const text = await readFrom(file, offset, await endOfNow())
      return parseAuditLines(text.toString()).filter(({ userAgent }) => userAgent !== ownUserAgent)
    },
  }
}

/** Where the line with this text ends; `undefined` until it is there as a whole. */
function endOfLine(content: Buffer, text: string): number | undefined {
  const found = content.indexOf(text)
  const newline = found < 0 ? -1 : content.indexOf('\n', found)
  return newline < 0 ? undefined : newline + 1
}

async function readFrom(file: string, start: number, end?: number): Promise<Buffer> {
  await using handle = await open(file)
  const length = (end ?? (await handle.stat()).size) - start
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(length), position: start })
  return buffer.subarray(0, bytesRead)
}
