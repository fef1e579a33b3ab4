// Who may read the metrics: asked of the API server — shell
import { createHash } from 'node:crypto'
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import { Lru } from '../lru.ts'

type Decision = 'allowed' | 'unauthenticated' | 'forbidden'

/** Whether the bearer of the token may GET the path. Rejects when the API server cannot be asked. */
export type Authorizer = (token: string | undefined, path: string) => Promise<Decision>

interface User {
  readonly username?: string
  readonly uid?: string
  readonly groups?: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

interface TokenReview extends KubeObject {
  readonly spec: { readonly token: string }
  readonly status?: { readonly authenticated?: boolean; readonly user?: User }
}

interface SubjectAccessReview extends KubeObject {
  readonly spec: object
  readonly status?: { readonly allowed?: boolean }
}

const tokenReviews: ResourceType<TokenReview> = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  namespaced: false,
}

const subjectAccessReviews: ResourceType<SubjectAccessReview> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
}

/** A scraper comes every few seconds; a permission that was taken away works for a minute more. */
const allowedForMs = 60_000
const refusedForMs = 10_000
const maxRemembered = 100

export function createAuthorizer(client: Client, clock: Clock): Authorizer {
  const remembered = new Lru<{ readonly decision: Decision; readonly until: number }>(maxRemembered)
  return async (token, path) => {
    if (token === undefined) return 'unauthenticated'
    const key = createHash('sha256').update(`${path} ${token}`).digest('hex')
    const known = remembered.get(key)
    if (known && clock.elapsed() < known.until) return known.decision
    const decision = await decide(client, token, path)
    const until = clock.elapsed() + (decision === 'allowed' ? allowedForMs : refusedForMs)
    remembered.set(key, { decision, until })
    return decision
  }
}

async function decide(client: Client, token: string, path: string): Promise<Decision> {
  const { status } = await client.create(tokenReviews, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    metadata: {},
    spec: { token },
  })
  if (!status?.authenticated || !status.user) return 'unauthenticated'
  const { username: user, uid, groups, extra } = status.user
  const access = await client.create(subjectAccessReviews, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: {},
    spec: { user, uid, groups, extra, nonResourceAttributes: { path, verb: 'get' } },
  })
  return access.status?.allowed ? 'allowed' : 'forbidden'
}
