// The webhooks of the control plane provider, as plain data — core
import {
  controlPlaneKinds,
  k0smotronCluster,
  k0smotronControlPlane,
  k0smotronControlPlaneTemplate,
  standaloneKinds,
} from '@k0smotron-ts/api'
import {
  definitionName,
  specWebhook,
  type ValidatingWebhook,
  validatePath,
  type WebhookDeclaration,
} from '@k0smotron-ts/runtime/rbac'

/** Under k0smotron's names. */
const asked = [
  { kind: k0smotronControlPlane, name: 'validate-k0smotroncontrolplane-v1beta2.k0smotron.io' },
  { kind: k0smotronControlPlaneTemplate, name: 'validate-k0smotroncontrolplanetemplate-v1beta2.k0smotron.io' },
  { kind: k0smotronCluster, name: 'validate-k0smotron-cluster-v1beta2.k0smotron.io' },
] as const

/** The one rule that refuses: it must not be passed over, and concerns nothing but a change of the version. */
const versions = [
  { kind: k0smotronControlPlane, name: 'version-k0smotroncontrolplane-v1beta2.k0smotron.io' },
  { kind: k0smotronCluster, name: 'version-k0smotron-cluster-v1beta2.k0smotron.io' },
] as const

export const webhooks: WebhookDeclaration = {
  service: 'k0smotron-webhook-service-control-plane',
  secret: 'k0smotron-webhook-server-cert-control-plane',
  definitions: [...controlPlaneKinds, ...standaloneKinds].map(definitionName),
  validating: {
    name: 'k0smotron-validating-webhook-configuration-control-plane',
    webhooks: [...asked.map(({ kind, name }) => specWebhook(kind, name)), ...versions.map(versionWebhook)],
  },
}

function versionWebhook({ kind, name }: (typeof versions)[number]): ValidatingWebhook {
  const has = (object: string): string => `has(${object}.spec) && has(${object}.spec.version)`
  return {
    ...specWebhook(kind, name),
    failurePolicy: 'Fail',
    operations: ['UPDATE'],
    matchConditions: {
      'not-going': '!has(object.metadata.deletionTimestamp)',
      'version-changed': `${has('object')} && ${has('oldObject')} && object.spec.version != oldObject.spec.version`,
    },
  }
}

/** By what is asked about. */
export const paths: Readonly<Record<'controlPlane' | 'template' | 'cluster', string>> = {
  controlPlane: validatePath(k0smotronControlPlane),
  template: validatePath(k0smotronControlPlaneTemplate),
  cluster: validatePath(k0smotronCluster),
}
