// Every replica serves what the Secret holds, from the moment that it is there — shell
import type { Cache } from '../../cache/types.ts'
import type { Clock } from '../../clock.ts'
import type { Logger } from '../../log.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import { parseCertificate } from '../../pki/certificate.ts'
import type { WebhookServer } from '../server.ts'
import { findMaterial } from './material.ts'
import { type Placement, watchedSecret } from './names.ts'

export interface Following {
  readonly placement: Placement
  readonly server: Pick<WebhookServer, 'serveWith'>
  readonly cache: Pick<Cache, 'watched'>
  readonly maker: string
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'webhook'>
}

/**
 * Declares the watch to the cache, so the cache is started after. A Secret that is deleted, or cannot be used, changes
 * nothing: what was served last is served on. Returns why no API server would take our answers, if so.
 */
export function followCertificate(following: Following): () => string | undefined {
  const { placement, server, cache, maker, clock, log, metrics } = following
  let served: { readonly text: string; readonly until: Date } | undefined
  cache.watched(watchedSecret(placement)).onChange(({ after }) => {
    const found = findMaterial(after, maker)
    if (found.kind !== 'material') {
      log.info({ secret: placement.declaration.secret, found: found.kind }, 'Serving certificate kept')
      return
    }
    const { serving } = found.material
    if (serving.certificate === served?.text) return
    const { notAfter } = parseCertificate(serving.certificate)
    server.serveWith(serving)
    served = { text: serving.certificate, until: notAfter }
    metrics.webhook.expires(notAfter)
    log.info({ until: notAfter.toISOString() }, 'Serving certificate taken')
  })
  return () => {
    if (!served) return `there is no serving certificate in Secret ${placement.declaration.secret} yet`
    if (served.until > clock.now()) return undefined
    return `the serving certificate is over since ${served.until.toISOString()}`
  }
}
