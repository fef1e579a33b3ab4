// Names around the certificates of webhooks — core
import { nameSelector } from '../../cache/selection.ts'
import type { WatchedType } from '../../cache/types.ts'
import { type KubeSecret, secrets } from '../../kinds.ts'
import type { WebhookDeclaration } from '../declaration.ts'

export interface Placement {
  readonly declaration: Pick<WebhookDeclaration, 'service' | 'secret'>
  /** Of the Service and the Secret. */
  readonly namespace: string
}

/** The one Secret, watched by its name. */
export function watchedSecret({ declaration, namespace }: Placement): WatchedType<KubeSecret> {
  return { type: secrets, namespace, fieldSelector: nameSelector(declaration.secret) }
}

/** The names that the Service has for kube-apiserver, and one for whoever forwards the port. */
export function dnsNamesOf({ declaration, namespace }: Placement): readonly string[] {
  const name = `${declaration.service}.${namespace}.svc`
  return [name, `${name}.cluster.local`, 'localhost']
}

/** The common name of authorities that we make. */
export function authorityNameOf({ secret }: Placement['declaration']): string {
  return `${secret}-ca`
}
