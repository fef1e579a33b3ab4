// When the certificates of what a controller looks after end — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { Gauge, type Registry } from 'prom-client'

/** `undefined`: there are none, or the object is gone. */
export type ExpiryMetrics = (key: ObjectKey, at: Date | undefined) => void

/** One series per object, for the first of its certificates that ends: that is the one to act on. */
export function createExpiryMetrics(registry: Registry): ExpiryMetrics {
  const gauge = new Gauge({
    name: 'certificate_expiration_timestamp_seconds',
    help: 'When the first certificate of a control plane expires',
    labelNames: ['namespace', 'name'] as const,
    registers: [registry],
  })
  return ({ namespace = '', name }, at) => {
    if (at) gauge.set({ namespace, name }, Math.floor(at.getTime() / 1000))
    else gauge.remove({ namespace, name })
  }
}
