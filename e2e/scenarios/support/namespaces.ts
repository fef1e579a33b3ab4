// A namespace for one cluster, and what is in it — shell
import type { Kubectl } from '@k0smotron-ts/hack/testenv'

/** Made for every namespace by Kubernetes itself. */
const always = new Set(['configmap/kube-root-ca.crt', 'serviceaccount/default'])

export async function makeNamespace(
  kubectl: Kubectl,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
  await kubectl(['apply', '-f', '-'], JSON.stringify(namespace))
}

/** Every object of every kind as `kind/name`, Events aside: they tell of what is gone. */
export async function contentOf(kubectl: Kubectl, namespace: string): Promise<readonly string[]> {
  const found = await everythingIn(kubectl, namespace, ['--output=name'])
  return found.split('\n').filter(name => name !== '' && !always.has(name))
}

/** What `kubectl get` prints of all that, in the form that these flags ask for. */
export async function everythingIn(kubectl: Kubectl, namespace: string, flags: readonly string[]): Promise<string> {
  const kinds = await kubectl(['api-resources', '--namespaced', '--verbs=list', '--output=name'])
  const wanted = kinds.split('\n').filter(kind => !/^events(\.|$)/.test(kind))
  return kubectl(['get', wanted.join(','), '--namespace', namespace, '--ignore-not-found', ...flags])
}
