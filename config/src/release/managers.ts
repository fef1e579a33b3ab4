// The managers of a release, under the names that k0smotron publishes them — core
import { bootstrapKinds, type ConversionClient, controlPlaneKinds, type Kind, standaloneKinds } from '@k0smotron-ts/api'
import { rights as bootstrapRights, webhooks as bootstrapWebhooks } from '@k0smotron-ts/bootstrap/rules'
import {
  rights as controlPlaneRights,
  webhooks as controlPlaneWebhooks,
  managerProviders,
  standaloneRights,
} from '@k0smotron-ts/controlplane/rules'
import type { Rights, WebhookDeclaration } from '@k0smotron-ts/runtime/rbac'
import { providerNamespace } from '../rbac.ts'

/** One Deployment: which program it runs, what it may do, and which kinds come with it. */
export interface ManagerRelease {
  /** Its value of --enable-controller, which names its Lease. */
  readonly name: 'bootstrap' | 'control-plane' | 'standalone'
  /** The folder of its program in the image. */
  readonly program: 'bootstrap' | 'control-plane'
  /** Value of Cluster API's label on everything that belongs to it. */
  readonly provider: string
  readonly rights: Rights
  readonly kinds: readonly Kind[]
  readonly webhooks: WebhookDeclaration
}

export const bootstrapManager: ManagerRelease = {
  name: 'bootstrap',
  program: 'bootstrap',
  provider: 'bootstrap-k0smotron',
  rights: bootstrapRights,
  kinds: bootstrapKinds,
  webhooks: bootstrapWebhooks,
}

export const controlPlaneManager: ManagerRelease = {
  name: 'control-plane',
  program: 'control-plane',
  provider: managerProviders['control-plane'],
  rights: controlPlaneRights,
  kinds: [...controlPlaneKinds, ...standaloneKinds],
  webhooks: controlPlaneWebhooks,
}

/** Under Cluster API; the second one works without it, too. */
export const managers: readonly ManagerRelease[] = [bootstrapManager, controlPlaneManager]

/** For use without Cluster API: it needs none of its kinds, and has no rights to them. */
export const standaloneManager: ManagerRelease = {
  ...controlPlaneManager,
  name: 'standalone',
  provider: managerProviders.standalone,
  rights: standaloneRights,
  kinds: standaloneKinds,
  webhooks: onlyOf(standaloneKinds, controlPlaneWebhooks),
}

/** Nobody is asked about kinds that are not there. */
function onlyOf(kinds: readonly Kind[], { validating, ...rest }: WebhookDeclaration): WebhookDeclaration {
  const isThere = ({ group, resource }: { readonly group: string; readonly resource: string }): boolean =>
    kinds.some(kind => kind.group === group && kind.plural === resource)
  return { ...rest, validating: { ...validating, webhooks: validating.webhooks.filter(isThere) } }
}

/** People patch it under this name. */
export const deploymentName = ({ name }: Pick<ManagerRelease, 'name'>): string =>
  name === 'standalone' ? 'k0smotron-controller-manager' : `k0smotron-controller-manager-${name}`

/** Where the API server gets objects of its kinds in another version; the manager itself writes whom to trust. */
export function conversionOf({ webhooks }: Pick<ManagerRelease, 'webhooks'>): ConversionClient {
  return { service: { namespace: providerNamespace, name: webhooks.service, path: '/convert' } }
}

/** Where the image keeps the program of a manager; `make image` puts it there. */
export const programPath = ({ program }: Pick<ManagerRelease, 'program'>): string => `/k0smotron-ts/${program}/main.mjs`

/** `nonroot`, as most images without a shell have it. */
export const managerUser = 65_532
