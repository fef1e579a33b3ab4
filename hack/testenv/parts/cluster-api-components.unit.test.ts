// No webhook of Cluster API is reached through a Service — core
import { expect, test } from 'vitest'
import { parseComponents, withWebhooksAt } from './cluster-api-components.ts'

const documents = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: clusters.cluster.x-k8s.io}
spec:
  group: cluster.x-k8s.io
  conversion:
    strategy: Webhook
    webhook:
      conversionReviewVersions: [v1]
      clientConfig: {service: {name: s, namespace: n, path: /convert}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: validating}
webhooks:
- name: one
  clientConfig: {service: {name: s, namespace: n, path: /validate}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: manager}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: manager, namespace: n}
`

const address = { url: 'https://127.0.0.1:9443', caBundle: 'Q0E=' }

test('every client configuration becomes a URL with the same path, the rest stays', () => {
  const [definition, webhooks] = parseComponents(documents).map(object => withWebhooksAt(object, address))

  expect(definition?.spec).toEqual({
    group: 'cluster.x-k8s.io',
    conversion: {
      strategy: 'Webhook',
      webhook: {
        conversionReviewVersions: ['v1'],
        clientConfig: { url: 'https://127.0.0.1:9443/convert', caBundle: 'Q0E=' },
      },
    },
  })
  expect(webhooks?.webhooks).toEqual([
    { name: 'one', clientConfig: { url: 'https://127.0.0.1:9443/validate', caBundle: 'Q0E=' } },
  ])
})

test('what describes a Deployment is left out', () => {
  expect(parseComponents(documents).map(({ kind }) => kind)).toEqual([
    'CustomResourceDefinition',
    'ValidatingWebhookConfiguration',
    'ServiceAccount',
  ])
})
