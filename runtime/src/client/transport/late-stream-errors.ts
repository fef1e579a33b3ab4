// Keeps a late error of an HTTP/2 stream from ending the process — shell
import { subscribe } from 'node:diagnostics_channel'
import type { ClientHttp2Stream } from 'node:http2'

let isOn = false

/**
 * undici takes its listeners off a stream that it is done with. When the connection is closed in that very moment, the
 * stream still emits the error, and what nobody listens to ends the process. Whoever waited for the request has been
 * told by then: nothing is hidden.
 */
export function outliveLateStreamErrors(): void {
  if (isOn) return
  isOn = true
  subscribe('http2.client.stream.created', message => {
    const { stream } = message as { readonly stream: ClientHttp2Stream }
    stream.on('error', () => undefined)
  })
}
