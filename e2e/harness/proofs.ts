// What must be true at the end, with the evidence for each: printed by the demo, asserted by the scenarios — shell
import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { countBy, type Kubectl, until } from '@k0smotron-ts/hack/testenv'
import { type KubeSecret, type Pod, pods, secrets } from '@k0smotron-ts/runtime'
import { labRights } from '../lab-provider/index.ts'
import { type Joined, patienceMs } from './cluster.ts'
import type { Stage } from './stage.ts'
import type { Workload } from './workload.ts'

export interface Proof {
  readonly claim: string
  /** What was seen, a line each. */
  readonly evidence: readonly string[]
  readonly holds: boolean
}

export interface Subject extends Joined {
  readonly stage: Stage
  readonly workload: Workload
  /** Told what is waited for beyond the states of objects. */
  readonly say?: (line: string) => void
}

/** In the order in which a machine becomes a node. */
export async function proofsOf(subject: Subject): Promise<readonly Proof[]> {
  return [
    await onlyInput(subject),
    await certificateRequest(subject),
    providerID(subject),
    await podWithLogs(subject),
    await ownRights(subject.stage),
  ]
}

async function secretOf({ stage, machine }: Subject, name: string): Promise<KubeSecret> {
  const { namespace = '' } = machine.metadata
  return until(stage.management.client, { type: secrets, key: { namespace, name } }, secret => secret !== undefined)
}

async function onlyInput(subject: Subject): Promise<Proof> {
  const { stage, machine } = subject
  const { data } = await secretOf(subject, machine.spec.bootstrap?.dataSecretName ?? '')
  const bytes = Buffer.from(data?.value ?? '', 'base64')
  const given = createHash('sha256').update(bytes).digest('hex')
  const body = stage.lab.machines.get(machine.metadata.name ?? '')
  const got = await body?.userDataSha256()
  const seed = (await body?.exec(['sh', '-c', 'cd /var/lib/cloud/seed/nocloud && ls && cat meta-data']))?.trim()
  return {
    claim: "the machine's only input was the data Secret",
    evidence: [
      `sha256 ${given} of Secret ${machine.spec.bootstrap?.dataSecretName}`,
      `sha256 ${got} as cloud-init read it`,
      `beside it cloud-init had: ${seed?.replaceAll('\n', '; ')}`,
      `from the host, read-only, as a part of its image: ${Object.keys(stage.k0s.machine.readOnly ?? {}).join(', ')}`,
    ],
    holds: given === got && seed === seedOf(machine.metadata.name ?? ''),
  }
}

/** The files, then what the one that is not the user data says: a name, nothing about any cluster. */
const seedOf = (name: string): string => `meta-data\nuser-data\ninstance-id: ${name}\nlocal-hostname: ${name}`

interface CertificateSigningRequest extends KubeObject {
  readonly spec: { readonly username: string; readonly signerName: string; readonly request: string }
}

const signingRequests: ResourceType<CertificateSigningRequest> = {
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  namespaced: false,
}

async function certificateRequest(subject: Subject): Promise<Proof> {
  const { workload, machine } = subject
  const config = machine.spec.bootstrap?.configRef?.name ?? ''
  const { data } = await secretOf(subject, `${config}-join-token`)
  const id = Buffer.from(data?.['token-id'] ?? '', 'base64').toString()
  const { items } = await workload.client.list(signingRequests)
  const bootstrap = items.filter(({ spec }) => spec.signerName === 'kubernetes.io/kube-apiserver-client-kubelet')
  const ours = bootstrap.find(({ spec }) => spec.username === `system:bootstrap:${id}`)
  return {
    claim: 'its certificate was asked for with its own join token',
    evidence: [
      `Secret ${config}-join-token has token id ${id}`,
      `${ours?.metadata.name ?? 'no certificate signing request'} came from ${ours?.spec.username ?? `system:bootstrap:${id}`}`,
    ],
    holds: ours !== undefined,
  }
}

function providerID({ machine, node }: Subject): Proof {
  const id = node.spec?.providerID
  return {
    claim: "the node's provider ID is the Machine's",
    evidence: [`Machine ${machine.spec.providerID}`, `Node    ${id}`],
    holds: id !== undefined && id === machine.spec.providerID,
  }
}

const podKey: ObjectKey = { namespace: 'default', name: 'hello' }

async function podWithLogs({ stage, workload, node, say = () => undefined }: Subject): Promise<Proof> {
  const nodeName = node.metadata.name ?? ''
  const said = `hello from ${nodeName}`
  await workload.kubectl(['apply', '-f', '-'], JSON.stringify(helloPod(stage.k0s.podImage, nodeName, said)))
  const pod = await until<Pod>(workload.client, { type: pods, key: podKey, patienceMs }, isRunning)
  const logs = await untilLogs(workload.kubectl, say)
  return {
    claim: 'a pod runs on it, and kubectl logs works',
    evidence: [
      `Pod ${podKey.name} is ${pod.status?.phase} on ${pod.spec?.nodeName} with ${pod.status?.podIP}`,
      `kubectl logs: ${logs}`,
    ],
    holds: pod.spec?.nodeName === nodeName && logs === said,
  }
}

/**
 * API servers reach nodes through konnectivity, whose agent is one of the last things to run on a new node. Nothing tells
 * that it is there: it is asked again and again.
 */
async function untilLogs(kubectl: Kubectl, say: (line: string) => void): Promise<string> {
  const deadline = AbortSignal.timeout(patienceMs)
  const ask = (): Promise<string | Error> => kubectl(['logs', podKey.name]).catch((error: Error) => error)
  let said: string | undefined
  for (let answer = await ask(); ; answer = await ask()) {
    if (typeof answer === 'string') return answer
    if (deadline.aborted) throw new Error(`No logs within ${patienceMs / 1000} s`, { cause: answer })
    if (answer.message !== said) say(`Waiting for kubectl logs: ${answer.message.trim()}`)
    said = answer.message
    await delay(500)
  }
}

const isRunning = (pod: Pod | undefined): boolean => pod?.status?.phase === 'Running'

function helloPod(image: string, nodeName: string, said: string): object {
  const command = ['/bin/sh', '-c', 'trap "exit 0" TERM; echo "$SAID"; sleep 2147483647 & wait']
  const container = {
    name: 'hello',
    image,
    imagePullPolicy: 'IfNotPresent',
    command,
    env: [{ name: 'SAID', value: said }],
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: podKey,
    spec: { nodeSelector: { 'kubernetes.io/hostname': nodeName }, containers: [container] },
  }
}

/** Every request since the environment began, of every provider. */
export async function ownRights({ management, managers }: Pick<Stage, 'management' | 'managers'>): Promise<Proof> {
  const users = [...managers.map(({ user }) => user), `system:serviceaccount:k0smotron:${labRights.name}`]
  const entries = await management.env.auditLog.since({ offset: 0 })
  const theirs = entries.filter(({ user }) => users.includes(user))
  const refused = theirs.filter(({ status }) => status === 401 || status === 403)
  const counts = countBy(theirs, ['user'])
  return {
    claim: 'the managers ran under their own rights, and asked for nothing beyond',
    evidence: [
      ...users.map(user => `${user}: ${counts[user] ?? 0} requests`),
      ...refused.map(({ user, verb, path }) => `refused: ${user} ${verb} ${path}`),
    ],
    holds: refused.length === 0 && users.every(user => (counts[user] ?? 0) > 0),
  }
}
