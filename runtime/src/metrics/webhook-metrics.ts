// What webhooks were asked, and how long the answers took — shell
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface WebhookMetrics {
  /** A request begins; what is returned is called with the HTTP status when it was answered. */
  begin(path: string): (status: number) => void
  /** When the serving certificate ends. */
  expires(at: Date): void
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** controller-runtime's names. */
export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry]
  const requests = new Counter({
    name: 'controller_runtime_webhook_requests_total',
    help: 'Requests to webhooks by path and HTTP status',
    labelNames: ['webhook', 'code'] as const,
    registers,
  })
  const latency = new Histogram({
    name: 'controller_runtime_webhook_latency_seconds',
    help: 'Time from a request to a webhook to its answer',
    labelNames: ['webhook'] as const,
    buckets,
    registers,
  })
  const inFlight = new Gauge({
    name: 'controller_runtime_webhook_requests_in_flight',
    help: 'Requests to webhooks that are not answered yet',
    labelNames: ['webhook'] as const,
    registers,
  })
  const expiry = new Gauge({
    name: 'webhook_certificate_expiration_timestamp_seconds',
    help: 'When the serving certificate of the webhooks expires',
    registers,
  })
  return {
    begin: webhook => {
      const answered = latency.startTimer({ webhook })
      inFlight.inc({ webhook })
      return status => {
        answered()
        inFlight.dec({ webhook })
        requests.inc({ webhook, code: String(status) })
      }
    },
    expires: at => expiry.set(Math.floor(at.getTime() / 1000)),
  }
}
