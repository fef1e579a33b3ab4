// Connections to the members of one control plane — shell

import { hostPort } from '@k0smotron-ts/api'
import type { Clock, KubeSecret, Pod, Transport } from '@k0smotron-ts/runtime'
import { fixedCredentials, type Identity, Secret } from '@k0smotron-ts/runtime'
import { issueLeaf, undiciTransport } from '@k0smotron-ts/runtime/shell'
import type { Observed } from '../../../observed.ts'
import { pemOf } from '../../../pki/certificate-facts.ts'
import { etcdHost } from '../config.ts'
import type { Gateways } from './ask.ts'
import { type MemberGateway, memberGateway } from './gateway.ts'
import { podsByOrdinal } from './seen.ts'

/** A process that was stopped accepts connections, and says nothing; one on a busy machine takes seconds for the handshake. */
const connectMs = 5_000

const hour = 60 * 60 * 1000

/** Long enough to be made seldom; nobody stores it. */
const lifeMs = 24 * hour

interface Credential {
  /** The version of the authority. */
  readonly version: string
  readonly authority: string
  readonly identity: Identity
  readonly goodUntil: number
}

interface Connection {
  readonly transport: Transport
  readonly gateway: MemberGateway
}

/** With a client certificate of the manager's own, which is in its memory alone. */
export class MemberConnections {
  readonly #userAgent: string
  readonly #clock: Pick<Clock, 'now'>
  #credential: Credential | undefined
  readonly #open = new Map<string, Connection>()

  constructor(userAgent: string, clock: Pick<Clock, 'now'>) {
    this.#userAgent = userAgent
    this.#clock = clock
  }

  /** To every pod that has an address; those to others are closed. */
  async gateways(observed: Observed): Promise<Gateways> {
    const credential = await this.#credentialFor(observed)
    if (!credential) return new Map()
    const wanted = [...podsByOrdinal(observed)].flatMap(([ordinal, pod]) => {
      const address = pod.status?.podIP
      return address === undefined
        ? []
        : [{ ordinal, address, id: `${pod.metadata.uid} ${address}`, name: nameOf(pod) }]
    })
    this.#closeOthers(new Set(wanted.map(({ id }) => id)))
    const place = ({ id, address, name }: (typeof wanted)[number]): MemberGateway => {
      const connection = this.#open.get(id) ?? this.#connect(credential, address, etcdHost(observed, name))
      this.#open.set(id, connection)
      return connection.gateway
    }
    return new Map(wanted.map(one => [one.ordinal, place(one)]))
  }

  close(): void {
    this.#closeOthers(new Set())
  }

  #connect({ authority, identity }: Credential, address: string, serverName: string): Connection {
    const server = `https://${hostPort({ host: address, port: 2379 })}`
    const credentials = fixedCredentials(identity)
    // an address in the cluster: no proxy of the environment is on the way to it
    const how = { onlyHttp1: true, connectMs, env: {} }
    const transport = undiciTransport(
      { server, ca: authority, serverName, credentials, userAgent: this.#userAgent },
      how,
    )
    return { transport, gateway: memberGateway(transport) }
  }

  #closeOthers(wanted: ReadonlySet<string>): void {
    for (const [id, { transport }] of this.#open) {
      if (wanted.has(id)) continue
      this.#open.delete(id)
      void transport.close()
    }
  }

  /** By the clock: what was observed may be days old, since no pass comes while nothing changes. */
  async #credentialFor({ secrets: { etcd } }: Observed): Promise<Credential | undefined> {
    if (!etcd) return undefined
    const now = this.#clock.now()
    const version = `${etcd.metadata.uid} ${etcd.metadata.resourceVersion}`
    const known = this.#credential
    if (known?.version === version && now.getTime() < known.goodUntil) return known
    this.close()
    const credential = await issued(etcd, version, now)
    this.#credential = credential
    return credential
  }
}

async function issued(authority: KubeSecret, version: string, now: Date): Promise<Credential> {
  const certificate = pemOf(authority, 'tls.crt')
  const leaf = await issueLeaf({
    subject: { commonName: 'k0smotron-operator' },
    usages: ['clientAuth'],
    validityMs: lifeMs,
    now,
    issuer: { certificate, privateKey: new Secret(pemOf(authority, 'tls.key')) },
  })
  const identity = { certificate: { cert: leaf.certificate, key: leaf.privateKey.reveal() } }
  return { version, authority: certificate, identity, goodUntil: now.getTime() + lifeMs / 2 }
}

function nameOf({ metadata }: Pod): string {
  return metadata.name ?? ''
}
