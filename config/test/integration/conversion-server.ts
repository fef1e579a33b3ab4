// A conversion webhook as small as can be: what the API server asks goes through `convertObject` — shell
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { type ConversionClient, convertObject, type JsonObject } from '@k0smotron-ts/api'
import { createAuthority, issue } from '@k0smotron-ts/hack/testenv'

interface Review {
  readonly apiVersion: string
  readonly request: {
    readonly uid: string
    readonly desiredAPIVersion: string
    readonly objects: readonly JsonObject[]
  }
}

export interface ConversionServer {
  readonly client: Extract<ConversionClient, { readonly url: string }>
  /** How many objects were converted. */
  count(): number
  stop(): Promise<void>
}

export async function startConversionServer(): Promise<ConversionServer> {
  const authority = await createAuthority('conversion')
  const { cert, key } = await issue(authority, { commonName: 'conversion', addresses: ['127.0.0.1'] })
  let converted = 0
  const server = createServer({ cert, key }, (request, response) => {
    void json(request).then(body => {
      const review = body as Review
      converted += review.request.objects.length
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(review)))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    client: { url: `https://127.0.0.1:${port}/convert`, caBundle: Buffer.from(authority.cert).toString('base64') },
    count: () => converted,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer({ apiVersion, request: { uid, desiredAPIVersion, objects } }: Review): object {
  const kind = 'ConversionReview'
  try {
    const convertedObjects = objects.map(object => convertObject(object, desiredAPIVersion))
    return { apiVersion, kind, response: { uid, result: { status: 'Success' }, convertedObjects } }
  } catch (error) {
    return { apiVersion, kind, response: { uid, result: { status: 'Failed', message: String(error) } } }
  }
}
