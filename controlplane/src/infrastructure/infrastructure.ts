// The infrastructure object of a Cluster, and what is written to it — shell
import { type ContractRef, knownEndpoint } from '@k0smotron-ts/api'
import {
  ApiError,
  type Applied,
  type Clock,
  ContestedError,
  ContestLog,
  isForbidden,
  type Shell,
  whyUnreadable,
} from '@k0smotron-ts/runtime'
import type { Roots, Snapshot } from '../controllers/k0smotroncontrolplane/snapshot.ts'
import { type Addition, additionsTo, patchOf } from './additions.ts'
import {
  crdNameOf,
  customResourceDefinitions,
  type FoundInfrastructure,
  type InfrastructureCluster,
  type InfrastructureKind,
  infrastructureKind,
} from './infrastructure-kind.ts'

export interface Infrastructure {
  /** The object, while Cluster API core waits for its endpoint or for its being provisioned; it is watched for so long. */
  observe(
    roots: Roots,
    shell: Shell,
  ): Promise<Pick<Snapshot, 'infrastructure' | 'mayNotReadInfrastructure'> | undefined>
  /**
   * Fills an empty `spec.controlPlaneEndpoint` of the object: the second of the two writes to a user's spec that
   * endpoints demand. Where the object says that we manage it, its status too.
   */
  complete(observed: Snapshot, shell: Shell): Promise<readonly Applied[]>
  /** When to look again for a kind whose CRD is missing: nothing that we may watch tells that it comes. */
  nextLook(observed: Snapshot): Date | undefined
}

const lookAgainMs = 30_000

/** How long an answer about a CRD is used: a new release of an infrastructure provider may serve another version. */
const rememberedMs = 10 * 60_000

interface Known {
  readonly kind: InfrastructureKind | undefined
  readonly at: number
}

export function createInfrastructure(clock: Clock): Infrastructure {
  const kinds = new Map<string, Known>()
  const missing = new Set<string>()
  const contests = new ContestLog()

  async function kindOf(ref: ContractRef, { client }: Shell): Promise<InfrastructureKind | undefined> {
    const name = crdNameOf(ref)
    const known = kinds.get(name)
    if (known && clock.elapsed() - known.at < rememberedMs) return known.kind
    const definition = await client.get(customResourceDefinitions, { name })
    const kind = definition && infrastructureKind(definition, ref)
    if (definition) kinds.set(name, { kind, at: clock.elapsed() })
    if (definition) missing.delete(name)
    else missing.add(name)
    return kind
  }

  async function find(roots: Roots, shell: Shell): Promise<FoundInfrastructure | undefined> {
    const ref = isAwaited(roots) ? roots.cluster?.spec?.infrastructureRef : undefined
    const kind = ref && (await kindOf(ref, shell))
    if (!ref || !kind) return undefined
    const { namespace = '' } = roots.controlPlane.metadata
    const object = await shell.read.referenced(kind.type, { namespace, name: ref.name })
    return object && { kind, object }
  }

  return {
    observe: async (roots, shell) => {
      const found = await find(roots, shell).catch(unlessUnreadable)
      if (found === 'forbidden') return { mayNotReadInfrastructure: true }
      return found && { infrastructure: found }
    },
    async complete(observed, shell) {
      const found = observed.infrastructure
      const additions = found ? additionsTo(found, observed.hosted) : []
      let [object, applied]: Written = [found?.object, []]
      for (const addition of additions) {
        if (!found || !object || addition.isDone(object)) continue
        ;[object, applied] = await add({ kind: found.kind, object, addition, contests }, observed, shell)
        if (applied.length > 0) break
      }
      return applied
    },
    nextLook(observed) {
      const ref = isAwaited(observed) ? observed.cluster?.spec?.infrastructureRef : undefined
      const isMissing = ref !== undefined && missing.has(crdNameOf(ref))
      return isMissing ? new Date(observed.hosted.now.getTime() + lookAgainMs) : undefined
    },
  }
}

/** Core takes the endpoint and the provisioned infrastructure once; what the object says later changes nothing. */
function isAwaited({ controlPlane, cluster }: Roots): boolean {
  if (controlPlane.metadata.deletionTimestamp !== undefined) return false
  const isProvisioned = cluster?.status?.initialization?.infrastructureProvisioned === true
  return !isProvisioned || knownEndpoint(cluster?.spec?.controlPlaneEndpoint) === undefined
}

/** The control plane works without knowing the infrastructure, whose kind may be gone, or of a group that we have no right to. */
function unlessUnreadable(error: unknown): 'forbidden' | undefined {
  if (isForbidden(error)) return 'forbidden'
  if (whyUnreadable(error) === undefined) throw error
  return undefined
}

/** The object as it is then, and what was refused. */
type Written = readonly [InfrastructureCluster | undefined, readonly Applied[]]

interface Adding extends FoundInfrastructure {
  readonly addition: Addition
  readonly contests: ContestLog
}

async function add(adding: Adding, { controlPlane }: Snapshot, shell: Shell): Promise<Written> {
  const { kind, object, addition, contests } = adding
  const { concerns } = addition
  const contest = contestOf(adding, shell.now())
  if (contest) return [object, [{ object, concerns, result: 'refused', error: contest }]]
  try {
    const written = await shell.patch(kind.type, object, patchOf(object, addition))
    contests.applied(contestKey(adding), 'set')
    return [written, []]
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (!isForbidden(error) || !addition.isOptional) return [object, [{ object, concerns, result: 'refused', error }]]
    // the control plane works without; only the infrastructure may be waiting
    const message = `${kind.type.kind} ${object.metadata.name} cannot be given the endpoint: ${error.message}`
    shell.event(controlPlane, { type: 'Warning', reason: 'InfrastructureEndpointRefused', message })
    return [object, []]
  }
}

/** Somebody keeps emptying what we filled: each patch would wake us, and each pass patch. */
function contestOf(adding: Adding, now: Date): ContestedError | undefined {
  const { contests, object, kind } = adding
  const key = contestKey(adding)
  if (!contests.hasApplied(key, 'set')) return undefined
  const managers = object.metadata.managedFields?.flatMap(({ manager }) => manager ?? []) ?? []
  const contest = contests.note(key, managers.slice(-1), now)
  return contest && new ContestedError(`${kind.type.kind} ${object.metadata.name}`, contest)
}

function contestKey({ object, addition }: Adding): string {
  return `${object.metadata.uid} ${addition.path.join('.')}`
}
