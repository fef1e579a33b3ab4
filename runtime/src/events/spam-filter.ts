// How many Event requests one object may cause — core
import { Lru } from '../lru.ts'

interface Bucket {
  readonly tokens: number
  readonly at: number
}

const burst = 25
const refillMs = 300_000
const maxObjects = 4096

/** 25 at once and then one in five minutes per object, as Kubernetes' own components have it. */
export function createSpamFilter(): (object: string, elapsed: number) => boolean {
  const buckets = new Lru<Bucket>(maxObjects)
  return (object, elapsed) => {
    const { tokens, at } = buckets.get(object) ?? { tokens: burst, at: elapsed }
    const available = Math.min(burst, tokens + (elapsed - at) / refillMs)
    const allowed = available >= 1
    buckets.set(object, { tokens: allowed ? available - 1 : available, at: elapsed })
    return allowed
  }
}
