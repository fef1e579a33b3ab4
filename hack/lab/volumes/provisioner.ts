// Gives claims a folder on the node where their pod runs, and takes it back — shell
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { type Client, isAlreadyExists } from '@k0smotron-ts/runtime'
import { clientOf } from '../../testenv/access/client.ts'
import type { TestEnv } from '../../testenv/test-env.ts'
import { follow } from '../../testenv/world/follow.ts'
import {
  type Claim,
  type PlacedVolume,
  planVolumes,
  storageClass,
  type Volume,
  type VolumePlan,
} from './plan-volumes.ts'

const core = { group: '', version: 'v1' } as const
const claims: ResourceType<Claim> = {
  ...core,
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  namespaced: true,
}
const volumes: ResourceType<Volume> = {
  ...core,
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  namespaced: false,
}
const storageClasses: ResourceType = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  namespaced: false,
}

const userAgent = 'lab-volumes'
const afterFailure = 500

/** Where a node's volumes lie on this host. */
export type VolumeFolderOf = (node: string) => string

/** Makes the default StorageClass and serves it until `stop`. */
export async function startProvisioner(env: TestEnv, folderOf: VolumeFolderOf): Promise<{ stop(): Promise<void> }> {
  const client = clientOf(await env.connectionFor({ user: userAgent, groups: ['system:masters'] }), userAgent)
  await client.apply(storageClasses, storageClass, { fieldManager: userAgent })
  const stopping = new AbortController()
  const { signal } = stopping
  const seen: Seen = { claims: [], volumes: [] }
  const wake = oneAtATime(() => carryOut(client, planVolumes(seen.claims, seen.volumes), folderOf), signal)
  const followed = [
    keepFollowing(client, claims, signal, objects => {
      seen.claims = objects
      wake()
    }),
    keepFollowing(client, volumes, signal, objects => {
      seen.volumes = objects
      wake()
    }),
  ]
  return {
    stop: async () => {
      stopping.abort()
      await Promise.all(followed)
      await client.close()
    },
  }
}

interface Seen {
  claims: readonly Claim[]
  volumes: readonly Volume[]
}

/** An API server that refuses, or is not there for a while, is asked again. */
async function keepFollowing<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  signal: AbortSignal,
  onChange: (objects: readonly T[]) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const { objects } of follow(client, type, { signal })) onChange(objects)
    } catch {
      await delay(afterFailure)
    }
  }
}

async function carryOut(client: Client, { make: made, remove: gone }: VolumePlan, folderOf: VolumeFolderOf) {
  await Promise.all([
    ...made.map(placed => make(client, placed, folderOf)),
    ...gone.map(placed => remove(client, placed, folderOf)),
  ])
}

const folder = ({ volume, node }: PlacedVolume, folderOf: VolumeFolderOf): string =>
  join(folderOf(node), basename(volume.spec.local.path))

async function make(client: Client, placed: PlacedVolume, folderOf: VolumeFolderOf): Promise<void> {
  await mkdir(folder(placed, folderOf), { recursive: true })
  await client.create(volumes, placed.volume).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error // our own watch is a little behind: the volume is there
  })
}

async function remove(client: Client, placed: PlacedVolume, folderOf: VolumeFolderOf): Promise<void> {
  await rm(folder(placed, folderOf), { recursive: true, force: true })
  await client.delete(volumes, { name: placed.volume.metadata.name ?? '' })
}

/** Runs `work` once for any number of calls that come while it runs, and again after a failure. */
function oneAtATime(work: () => Promise<void>, signal: AbortSignal): () => void {
  let running = false
  let again = false
  const run = async (): Promise<void> => {
    running = true
    do {
      again = false
      await work().catch(async () => {
        again = true
        await delay(afterFailure)
      })
    } while (again && !signal.aborted)
    running = false
  }
  return () => {
    again = true
    if (!running) void run()
  }
}
