// The Service of a manager's webhooks, and when kube-apiserver asks them — core
import type { ValidatingWebhook, WebhookDeclaration } from '@k0smotron-ts/runtime/rbac'
import { providerNamespace } from '../rbac.ts'

/** Where the API server finds the webhooks; the manager itself writes whom to trust. */
export type WebhookPlace = (path: string) => object

/** Any replica answers, whichever leads. */
export function serviceOf({ service }: WebhookDeclaration, selector: Readonly<Record<string, string>>): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: service, namespace: providerNamespace },
    spec: { selector, ports: [{ port: 443, targetPort: 'webhooks', protocol: 'TCP' }] },
  }
}

export function inService({ service: name }: WebhookDeclaration): WebhookPlace {
  return path => ({ service: { namespace: providerNamespace, name, path, port: 443 } })
}

export function configurationOf({ validating: { name, webhooks } }: WebhookDeclaration, place: WebhookPlace): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: webhooks.map(webhook => ({ ...entryOf(webhook), clientConfig: place(webhook.path) })),
  }
}

/** What takes longer than that is not waited for: a pod that is gone without a word must not hold up whoever writes. */
const timeoutSeconds = 5

function entryOf({
  name,
  failurePolicy,
  group,
  version,
  resource,
  operations,
  matchConditions,
}: ValidatingWebhook): object {
  return {
    name,
    failurePolicy,
    timeoutSeconds,
    sideEffects: 'None',
    matchPolicy: 'Equivalent', // other versions are converted first
    admissionReviewVersions: ['v1'],
    rules: [{ apiGroups: [group], apiVersions: [version], resources: [resource], operations }],
    matchConditions: Object.entries(matchConditions).map(([condition, expression]) => ({
      name: condition,
      expression,
    })),
  }
}
