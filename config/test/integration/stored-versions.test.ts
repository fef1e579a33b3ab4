// A manager that comes to objects which are stored in v1beta1, from its release file alone: it can read them only through itself — shell
import { crdOf, type KubeObject, k0smotronCluster, standaloneKinds } from '@k0smotron-ts/api'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import {
  freePort,
  install,
  type Kubectl,
  kubectlWith,
  type Management,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { componentsOf } from '../../src/release/components.ts'
import { standaloneManager } from '../../src/release/managers.ts'

let world: Management
let run: Kubectl

beforeAll(async () => {
  world = await startManagement({ withoutOurs: true })
  run = await kubectlWith(world.env.kubeconfig)
})

afterAll(() => world[Symbol.asyncDispose]())

interface Definition extends KubeObject {
  readonly spec: { readonly versions: readonly { readonly name: string }[] }
}

/** As k0smotron 1.x defines the kind. */
function storedAsOlder(): KubeObject {
  const url = { url: 'https://localhost:1/convert', caBundle: '' }
  const { spec, ...definition } = crdOf(k0smotronCluster, url) as Definition
  const versions = spec.versions.filter(({ name }) => name === 'v1beta1').map(one => ({ ...one, storage: true }))
  const older = { ...definition, spec: { ...spec, versions, conversion: { strategy: 'None' } } }
  return older
}

/** Services lead nowhere here: the API server is asked to call this port of the machine. */
function released(port: number): string {
  const components = componentsOf(standaloneManager, { image: 'example.org/manager:v1', featureGates: '' })
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: components }).replaceAll(
    /"service":\{"namespace":"[^"]+","name":"[^"]+","path":"([^"]+)"(,"port":443)?\}/g,
    (_, path: string) => `"url":"https://localhost:${port}${path}"`,
  )
}

it('injects its authority, is then able to read them, and reports on them', async () => {
  await install(world.client, [storedAsOlder()])
  const legacy = { apiVersion: 'k0smotron.io/v1beta1', kind: 'Cluster', metadata: { name: 'legacy' } }
  const spec = { service: { type: 'ClusterIP' }, etcd: { persistence: { size: '1Gi' } } }
  await expect
    .poll(() => run(['create', '-f', '-'], JSON.stringify({ ...legacy, spec })).catch(String))
    .toContain('created')

  const port = await freePort()
  await run(['apply', '--server-side', '--field-manager=install', '-f', '-'], released(port))
  const provider = await world.start(controlPlaneProvider, 'k0smotron-standalone', {
    webhookPort: port,
    enableController: 'standalone',
  })
  for (const { plural, group } of standaloneKinds) {
    const path = 'jsonpath={.spec.conversion.webhook.clientConfig.caBundle}'
    await expect.poll(() => run(['get', 'crd', `${plural}.${group}`, '-o', path])).toMatch(/^LS0t/)
  }
  const status = 'jsonpath={.status.conditions[?(@.type=="Available")].status}'
  await expect
    .poll(() => run(['get', 'clusters.v1beta2.k0smotron.io', 'legacy', '-o', status]).catch(String))
    .toBe('False')
  const warned = await run(
    ['apply', '--server-side', '--force-conflicts', '-f', '-'],
    JSON.stringify({ ...legacy, apiVersion: 'k0smotron.io/v1beta2', spec: { version: 'v1.36.3' } }),
  )
  expect(warned).toContain('serverside-applied')
  expect(await provider.stop()).toBe(0)
})
