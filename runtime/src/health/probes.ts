// `/healthz` and `/readyz` for the kubelet — shell
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from '../http.ts'
import type { BindAddress } from './bind-address.ts'
import { type ProbeAnswer, type Probes, probe } from './check.ts'
import { close, type Endpoint, listen, requestLimits, targetOf } from './endpoint.ts'

/** Anyone who reaches the port may ask: checks say nothing that is not for everyone. */
export function createProbeEndpoint(address: BindAddress, probes: Probes): Endpoint {
  const server = createServer(requestLimits, (request, response) => answer(request, response, probes))
  return { start: () => listen(server, address), close: () => close(server) }
}

function answer(request: IncomingMessage, response: ServerResponse, probes: Probes): void {
  const { path, query } = targetOf(request)
  const { status, body }: ProbeAnswer =
    request.method === 'GET' || request.method === 'HEAD'
      ? probe(probes, path, query.has('verbose'))
      : { status: 405, body: 'method not allowed' }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
  response.end(body)
}
