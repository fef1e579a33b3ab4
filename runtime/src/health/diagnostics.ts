// `/metrics`, over TLS and for those who may — shell
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { hostname } from 'node:os'
import type { Clock } from '../clock.ts'
import { createServer } from '../http.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { parseCertificate, renewAt } from '../pki/certificate.ts'
import { type Issued, issueCertificateAuthority, issueLeaf } from '../pki/issue.ts'
import type { Authorizer } from './authorize.ts'
import type { BindAddress } from './bind-address.ts'
import { close, type Endpoint, listen, requestLimits, targetOf } from './endpoint.ts'

export interface DiagnosticsOptions {
  readonly address: BindAddress
  readonly metrics: Pick<Metrics, 'registry'>
  readonly clock: Clock
  readonly log: Logger
  /** Absent: plain HTTP, for everyone who reaches the port (`--insecure-diagnostics`). */
  readonly authorize?: Authorizer
}

export function createDiagnosticsEndpoint(options: DiagnosticsOptions): Endpoint {
  const { address, authorize } = options
  const serve = (request: IncomingMessage, response: ServerResponse): void => void answer(options, request, response)
  if (!authorize) {
    const plain = createServer(requestLimits, serve)
    return { start: () => listen(plain, address), close: () => close(plain) }
  }

  const server = createTlsServer({ ...requestLimits, minVersion: 'TLSv1.2' }, serve)
  let cancelRenewal = (): void => undefined
  return {
    start: async () => {
      cancelRenewal = await keepCertificate(server, options)
      return listen(server, address)
    },
    close: () => {
      cancelRenewal()
      return close(server)
    },
  }
}

const year = 31_536_000_000

/** A third of the certificate's life is left for trying again. */
const tryAgainMs = 60_000

/** Nobody can check a certificate that we made ourselves; it is there for secrecy, and replaced before it ends. */
async function keepCertificate(server: TlsServer, { clock, log }: DiagnosticsOptions): Promise<() => void> {
  let cancel = (): void => undefined
  const renewAfter = (ms: number): void => {
    cancel = clock.after(ms, () => {
      renew().catch((error: unknown) => {
        log.error({ error }, 'Certificate of the diagnostics address not renewed, trying again')
        renewAfter(tryAgainMs)
      })
    })
  }
  const renew = async (): Promise<void> => {
    const { certificate, privateKey } = await selfMade(clock.now())
    server.setSecureContext({ cert: certificate, key: privateKey.reveal(), minVersion: 'TLSv1.2' })
    renewAfter(renewAt(parseCertificate(certificate)).getTime() - clock.now().getTime())
  }
  await renew()
  return () => cancel()
}

async function selfMade(now: Date): Promise<Issued> {
  const issuer = await issueCertificateAuthority({ commonName: `${hostname()}-ca`, validityMs: year, now })
  const subject = { commonName: hostname() }
  return issueLeaf({ subject, sans: ['localhost'], usages: ['serverAuth'], validityMs: year, now, issuer })
}

async function answer(options: DiagnosticsOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { status, body = '', type = 'text/plain; charset=utf-8' } = await diagnose(options, request)
    response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body)
  } catch (error) {
    options.log.error({ error }, 'Metrics not served')
    response.writeHead(500).end('see the log\n')
  }
}

interface Diagnosis {
  readonly status: number
  readonly body?: string
  readonly type?: string
}

const refusals = {
  unauthenticated: { status: 401, body: 'a bearer token is needed\n' },
  forbidden: { status: 403, body: 'get on the non-resource URL /metrics is not allowed\n' },
} as const

async function diagnose({ authorize, metrics }: DiagnosticsOptions, request: IncomingMessage): Promise<Diagnosis> {
  const { path } = targetOf(request)
  if (path !== '/metrics') return { status: 404, body: 'not found\n' }
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, body: 'method not allowed\n' }
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  const decision = authorize ? await authorize(token, path) : 'allowed'
  if (decision !== 'allowed') return refusals[decision]
  return { status: 200, body: await metrics.registry.metrics(), type: metrics.registry.contentType }
}
