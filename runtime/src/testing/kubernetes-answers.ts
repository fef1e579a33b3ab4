// Bodies that an API server sends — core
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

export const configMaps: ResourceType<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
}

export function configMap(name: string, resourceVersion: string, data: Record<string, string> = {}): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'ns', name, uid: `uid-${name}`, resourceVersion },
    data,
  }
}

export function listOf(resourceVersion: string, items: readonly KubeObject[], more?: string): object {
  return {
    kind: 'List',
    apiVersion: 'v1',
    metadata: { resourceVersion, ...(more ? { continue: more } : {}) },
    // As the server sends them: without apiVersion and kind.
    items: items.map(({ apiVersion: _version, kind: _kind, ...item }) => item),
  }
}

export function status(code: number, reason: string, message: string = reason, details: object = {}): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details }
}

export const bookmark = (resourceVersion: string): object => ({
  type: 'BOOKMARK',
  object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion } },
})
