// One replica's webhooks, asked as the API server asks them — shell
import { request } from 'node:https'
import { json } from 'node:stream/consumers'
import { providerNamespace } from '@k0smotron-ts/config'
import type { ProviderName } from '@k0smotron-ts/hack/managers'
import { type Client, secrets } from '@k0smotron-ts/runtime'

const kinds: Readonly<Record<ProviderName, readonly [string, string]>> = {
  'control-plane': ['controlplane.cluster.x-k8s.io', 'K0smotronControlPlane'],
  bootstrap: ['bootstrap.cluster.x-k8s.io', 'K0sWorkerConfig'],
}

interface Converted {
  readonly response: { readonly convertedObjects: readonly { readonly apiVersion: string }[] }
}

/** The version that an object of v1beta1 comes back in; trusts what the Secret says, and nothing else. */
export async function convertedBy(client: Client, provider: ProviderName, port: number): Promise<string | undefined> {
  const [group, kind] = kinds[provider]
  const secret = { namespace: providerNamespace, name: `k0smotron-webhook-server-cert-${provider}` }
  const ca = Buffer.from((await client.get(secrets, secret))?.data?.['ca.crt'] ?? '', 'base64')
  const object = { apiVersion: `${group}/v1beta1`, kind, metadata: { name: 'x' }, spec: {} }
  const review = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'ConversionReview',
    request: { uid: 'u', desiredAPIVersion: `${group}/v1beta2`, objects: [object] },
  }
  const servername = `k0smotron-webhook-service-${provider}.${providerNamespace}.svc`
  const answer = await post({ port, ca, servername }, JSON.stringify(review))
  return (answer as Converted).response.convertedObjects[0]?.apiVersion
}

interface Target {
  readonly port: number
  readonly ca: Buffer
  readonly servername: string
}

function post(target: Target, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const options = { ...target, host: '127.0.0.1', path: '/convert', method: 'POST', headers, agent: false as const }
    const sent = request(options, answer => resolve(json(answer)))
    sent.once('error', reject)
    sent.end(body)
  })
}
