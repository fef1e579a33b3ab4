// Holds writes that an API server is asked for until we let them pass: an admission webhook that takes its time — shell
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import type { KubeObject } from '@k0smotron-ts/api'
import type { Lab } from '@k0smotron-ts/hack/lab'
import type { Kubectl } from '@k0smotron-ts/hack/testenv'
import { createAuthority, issue, startComponent } from '@k0smotron-ts/hack/testenv'
import { patienceMs } from '../../harness/cluster.ts'

/** Where API servers find the gate. */
export interface GatePlace {
  readonly address: string
  /** Resolves with the URL of what listens. */
  listen(server: Server): Promise<string>
}

/** For those of the lab, and those in its pods. */
const port = 9443
const probe = 'write-gate-probe'

export interface WriteGate extends AsyncDisposable {
  /** From when this resolves, no object of these resources in the namespace, or of no namespace, is written past the gate. */
  guard(kubectl: Kubectl, order: Guarded): Promise<void>
  /** Writes of which this is true wait; all others pass, those that waited until now included. */
  hold(isBlocked: (object: KubeObject) => boolean): void
}

interface Guarded {
  readonly namespace: string
  /** Secrets must be among them. */
  readonly resources: readonly string[]
}

interface Review {
  readonly request: { readonly uid: string; readonly object: KubeObject }
}

export async function openWriteGate(place: GatePlace): Promise<WriteGate> {
  const authority = await createAuthority('write-gate')
  const { cert, key } = await issue(authority, { commonName: 'write-gate', addresses: [place.address] })
  const gate = createGate()
  const server = createServer({ cert, key }, (request, response) => {
    const answer = async (): Promise<void> => {
      const { uid, object } = ((await json(request)) as Review).request
      await gate.pass(object)
      const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } }
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(review))
    }
    answer().catch(() => response.destroy()) // who asked has gone
  })
  const url = await place.listen(server)
  return {
    hold: gate.hold,
    async guard(kubectl, order) {
      const webhook = configuration(order, { url, caBundle: Buffer.from(authority.cert).toString('base64') })
      await kubectl(['apply', '-f', '-'], JSON.stringify(webhook))
      await untilSeen(kubectl, order.namespace, () => gate.probes())
    },
    async [Symbol.asyncDispose]() {
      gate.hold(() => false)
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Only the lab's own namespace may open a connection to this host: a relay there brings those of pods, too. */
export const inLab = ({ env, network }: Pick<Lab, 'env' | 'network'>): GatePlace => ({
  address: network.gateway,
  async listen(server) {
    const listening = await listenAt(server, network.uplink.host)
    const args = [join(import.meta.dirname, 'relay.ts'), network.gateway, port, network.uplink.host, listening]
    startComponent(env.workspace, { name: 'write-gate', path: process.execPath, args: args.map(String) })
    return `https://${network.gateway}:${port}`
  },
})

/** For those on this machine's loopback. */
export const onLoopback: GatePlace = {
  address: '127.0.0.1',
  listen: async server => `https://127.0.0.1:${await listenAt(server, '127.0.0.1')}`,
}

async function listenAt(server: Server, host: string): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function createGate() {
  let isBlocked: (object: KubeObject) => boolean = () => false
  let changed = Promise.withResolvers<void>()
  let probes = 0
  return {
    probes: () => probes,
    async pass(object: KubeObject): Promise<void> {
      if (object.metadata.name === probe) probes += 1
      while (isBlocked(object)) await changed.promise
    },
    hold(next: typeof isBlocked): void {
      isBlocked = next
      changed.resolve()
      changed = Promise.withResolvers()
    },
  }
}

/** An API server takes a new webhook into account some time after it was told. */
async function untilSeen(kubectl: Kubectl, namespace: string, seen: () => number): Promise<void> {
  const before = seen()
  const signal = AbortSignal.timeout(patienceMs)
  while (seen() === before) {
    signal.throwIfAborted()
    const create = ['create', 'secret', 'generic', probe, `--namespace=${namespace}`, '--dry-run=server']
    await kubectl(create).catch(() => delay(20)) // refused while the relay starts
  }
}

function configuration({ namespace, resources }: Guarded, clientConfig: object): object {
  const every = { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'] }
  const shared = {
    clientConfig,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    timeoutSeconds: 5, // a write out of turn fails then, and its writer repeats it
  }
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'write-gate' },
    webhooks: [
      {
        name: 'write-gate.test.k0smotron.io',
        ...shared,
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        rules: [{ ...every, resources: resources.flatMap(plural => [plural, `${plural}/status`]) }],
      },
    ],
  }
}
