// A client of etcd, as k0s is one: writes to any member, and knows what was acknowledged — shell
import { decodeBase64, namesOf } from '@k0smotron-ts/api'
import type { Management } from '@k0smotron-ts/hack/testenv'
import { fixedCredentials, secrets, type Transport } from '@k0smotron-ts/runtime'
import { readText, undiciTransport } from '@k0smotron-ts/runtime/shell'
import { memberGateway } from '../../src/hosted/datastore/etcd/members/gateway.ts'
import type { ListedMember } from '../../src/hosted/datastore/etcd/members/gateway-json.ts'
import { keysThrough } from '../members/keys.ts'
import { startWriter, type Writer } from '../members/writer.ts'
import type { EtcdKubelet } from './etcd-kubelet.ts'

interface GatewayJson {
  readonly message?: string
  readonly header?: { readonly revision?: string }
}

export interface EtcdClient extends AsyncDisposable {
  /** Ordinals of those who vote, as the first answers that has a quorum behind it; `undefined` where there is none. */
  voters(): Promise<readonly number[]>
  idOf(ordinal: number): Promise<string | undefined>
  startWriting(): Writer
  /** Through the gateway of the first member; a refusal has a `message`. */
  ask(path: string, body: object): Promise<GatewayJson>
}

const ordinals = [0, 1, 2, 3, 4]

/** With the certificate of k0s. */
export async function etcdClient(
  world: Management,
  namespace: string,
  cluster: string,
  { addressOf }: EtcdKubelet,
): Promise<EtcdClient> {
  const { etcd, etcdCA, etcdClient: leaf } = namesOf(cluster)
  const dataOf = async (name: string) => (await world.client.get(secrets, { namespace, name }))?.data ?? {}
  const [authority, pair] = [await dataOf(etcdCA), await dataOf(leaf)]
  const certificate = { cert: decodeBase64(pair['tls.crt']), key: decodeBase64(pair['tls.key']) }
  const transports = ordinals.map(ordinal =>
    undiciTransport(
      {
        server: `https://${addressOf(ordinal)}:2379`,
        ca: decodeBase64(authority['tls.crt']),
        serverName: `${etcd}.${namespace}.svc`,
        credentials: fixedCredentials({ certificate }),
        userAgent: 'members/test',
      },
      { onlyHttp1: true, connectMs: 1_000 },
    ),
  )
  const list = () => listOf(transports)
  const ordinalOf = ({ peerURLs }: ListedMember) => Number(/-etcd-(\d+)\./.exec(peerURLs[0] ?? '')?.[1])
  return {
    voters: async () =>
      (await list())
        .filter(({ isLearner }) => !isLearner)
        .map(ordinalOf)
        .toSorted((one, other) => one - other),
    idOf: async ordinal => (await list()).find(one => ordinalOf(one) === ordinal)?.id,
    ask: async (path, body) => {
      const headers = { 'content-type': 'application/json' }
      const sent = {
        method: 'POST',
        path: `/v3/${path}`,
        headers,
        body: JSON.stringify(body),
        timeoutMs: 10_000,
      } as const
      const answer = await transports[0]?.send(sent)
      return JSON.parse(answer ? await readText(answer.body) : '{}') as GatewayJson
    },
    startWriting: () => startWriter(transports.map(keysThrough)),
    [Symbol.asyncDispose]: async () => void (await Promise.all(transports.map(one => one.close()))),
  }
}

async function listOf(transports: readonly Transport[]): Promise<readonly ListedMember[]> {
  for (const transport of transports) {
    const answer = await memberGateway(transport).list()
    if (answer.kind === 'done') return answer.value
  }
  return []
}
