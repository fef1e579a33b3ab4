// What is sent to a webhook, up to a bound — shell
import type { IncomingMessage } from 'node:http'
import { BoundedBuffer } from '../client/body/bounded-buffer.ts'
import { AnswerError } from '../client/body/json.ts'
import { limits } from '../limits.ts'
import type { Share } from './room.ts'

/** All of it. `share`: of what all bodies that have not ended may take together. */
export async function readBody(request: IncomingMessage, share: Share): Promise<Buffer> {
  const { value } = limits.webhookBytes
  const body = new BoundedBuffer(value, share)
  try {
    // the answer to what is too much goes over the same connection
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      body.add(chunk as Uint8Array)
      if (body.isOver) throw new AnswerError('large', `more than ${value} bytes, or too much at once`)
    }
    return body.view()
  } finally {
    body.clear()
  }
}
