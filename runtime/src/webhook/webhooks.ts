// The webhooks of a manager: their server, its certificate, and who keeps that — shell
import type { Cache } from '../cache/types.ts'
import type { Clock } from '../clock.ts'
import type { Controller } from '../contract/types.ts'
import type { Endpoint } from '../health/endpoint.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createCertificateController } from './certificates/controller.ts'
import type { Timing } from './certificates/decide.ts'
import { followCertificate } from './certificates/follow.ts'
import type { WebhookDeclaration } from './declaration.ts'
import { admissionReviewer } from './review/admission.ts'
import { conversionReviewer } from './review/conversion.ts'
import { createWebhookServer } from './server.ts'
import type { Reviewer, WebhookRules } from './types.ts'

export interface WebhookOptions {
  readonly declaration: WebhookDeclaration
  readonly rules: WebhookRules
  readonly port: number
  readonly namespace: string
  /** Who made the Secret, in its label. */
  readonly maker: string
  readonly timing?: Timing
  readonly cache: Pick<Cache, 'watched'>
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'webhook'>
}

export interface Webhooks {
  readonly endpoint: Endpoint
  /** Why no API server would take our answers, if so. */
  readonly notReady: () => string | undefined
  /** For the leader. */
  readonly controller: Controller
}

const day = 86_400_000

/** Renewed at two thirds. Ten minutes are long for what takes a second, and nothing waits for their end. */
const usualTiming: Timing = { authorityMs: 3_650 * day, servingMs: 365 * day, settleMs: 600_000 }

/** Before the cache is started: the Secret is watched from its start on. */
export function createWebhooks(options: WebhookOptions): Webhooks {
  const { declaration, namespace, maker, port, timing = usualTiming, cache, clock, log, metrics } = options
  const server = createWebhookServer({ address: { port }, reviewers: reviewersOf(options.rules), clock, log, metrics })
  const placement = { declaration, namespace }
  const notReady = followCertificate({ placement, server, cache, maker, clock, log, metrics })
  return {
    endpoint: server,
    notReady,
    controller: createCertificateController({ ...placement, declaration, maker, timing }),
  }
}

function reviewersOf({ admission, isOfItsKind, conversion }: WebhookRules): Readonly<Record<string, Reviewer>> {
  return {
    ...Object.fromEntries(
      Object.entries(admission).map(([path, rule]) => [path, admissionReviewer(rule, isOfItsKind)]),
    ),
    ...(conversion && { '/convert': conversionReviewer(conversion) }),
  }
}
