// The webhooks of the bootstrap provider, as plain data — core
import { bootstrapKinds, k0sWorkerConfig, k0sWorkerConfigTemplate } from '@k0smotron-ts/api'
import { definitionName, specWebhook, validatePath, type WebhookDeclaration } from '@k0smotron-ts/runtime/rbac'

/** Under k0smotron's names. All of them warn, and refuse nothing: rules are in the schema. */
export const webhooks: WebhookDeclaration = {
  service: 'k0smotron-webhook-service-bootstrap',
  secret: 'k0smotron-webhook-server-cert-bootstrap',
  definitions: bootstrapKinds.map(definitionName),
  validating: {
    name: 'k0smotron-validating-webhook-configuration-bootstrap',
    webhooks: [
      specWebhook(k0sWorkerConfig, 'validate-k0sworkerconfig-v1beta2.k0smotron.io'),
      specWebhook(k0sWorkerConfigTemplate, 'validate-k0sworkerconfigtemplate-v1beta2.k0smotron.io'),
    ],
  },
}

/** By what is asked about. */
export const paths: Readonly<Record<'config' | 'template', string>> = {
  config: validatePath(k0sWorkerConfig),
  template: validatePath(k0sWorkerConfigTemplate),
}
