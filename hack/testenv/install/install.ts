// Puts generated objects into an API server — shell
import { readFile } from 'node:fs/promises'
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { Client } from '@k0smotron-ts/runtime'
import { loadAll } from 'js-yaml'
import { binaries } from '../../tools/binaries.ts'
import { parseComponents } from '../parts/cluster-api-components.ts'
import { until } from '../world/until.ts'
import { typeToInstall } from './installable.ts'

interface Served extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] | null }
}

/** Applies the objects, namespaces first; every CRD is served when this resolves. */
export async function install(client: Client, objects: readonly KubeObject[]): Promise<void> {
  const isNamespace = ({ kind }: KubeObject): boolean => kind === 'Namespace'
  for (const part of [objects.filter(isNamespace), objects.filter(object => !isNamespace(object))])
    await Promise.all(part.map(object => installOne(client, object)))
}

async function installOne(client: Client, object: KubeObject): Promise<void> {
  const type = typeToInstall(object)
  if (!type) throw new TypeError(`${object.kind} is not among what can be installed`)
  await client.apply(type, object, { fieldManager: 'install' })
  if (object.kind !== 'CustomResourceDefinition') return
  const served = type as ResourceType<Served>
  await until(client, { type: served, key: { name: object.metadata.name ?? '' } }, isServed)
}

function isServed(definition: Served | undefined): boolean {
  // null until the API server has looked at it
  return (
    definition?.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false
  )
}

export async function installFiles(client: Client, paths: readonly string[]): Promise<void> {
  for (const path of paths) await install(client, loadAll(await readFile(path, 'utf8')) as KubeObject[])
}

/** Cluster API's kinds without its controllers, for tests that play core themselves. */
export async function installClusterApiKinds(client: Client): Promise<void> {
  const { 'cluster-api-components.yaml': path } = await binaries(['cluster-api-components.yaml'])
  const objects = parseComponents(await readFile(path, 'utf8'))
  await install(client, objects.filter(({ kind }) => kind === 'CustomResourceDefinition').map(withoutConversion))
}

/** Objects of the stored version only are made: nobody has to answer for the others. */
function withoutConversion(definition: KubeObject): KubeObject {
  const { spec } = definition as KubeObject & { readonly spec: object }
  return { ...definition, spec: { ...spec, conversion: { strategy: 'None' } } } as KubeObject
}
