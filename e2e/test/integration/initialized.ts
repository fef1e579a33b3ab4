// A management cluster that `clusterctl init` has set up, with our managers as processes in place of their pods — shell
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeObject } from '@k0smotron-ts/api'
import { releaseOf } from '@k0smotron-ts/config'
import { kubectlWith, type Management, parseComponents, startManagement } from '@k0smotron-ts/hack/testenv'
import { clusterctl } from '../../harness/clusterctl.ts'
import { writeRepository } from '../../harness/repository.ts'

const version = 'v0.1.0'
const ours = `k0sproject-k0smotron:${version}`

/** Core and the kinds, rights and inventory of all providers; none of the lab's or of ours runs yet. */
export async function startInitialized(): Promise<Management> {
  await using started = new AsyncDisposableStack()
  const world = started.use(await startManagement({ clusterApi: true, kwok: true, withoutOurs: true }))
  const kubectl = await kubectlWith(world.env.kubeconfig)
  const release = join(world.env.dir, 'release')
  await writeComponents(release)
  const folder = join(world.env.dir, 'repository')
  const config = await writeRepository({ folder, releases: { [version]: release }, kubectl })
  const providers = [`--bootstrap=${ours}`, `--control-plane=${ours}`, '--infrastructure=lab']
  await clusterctl(['init', '--core=cluster-api', ...providers, '--config', config], {
    KUBECONFIG: world.env.kubeconfig,
  })
  started.move()
  return world
}

/** Of a release what clusterctl needs, without pods, and without webhooks, which only pods would answer. */
async function writeComponents(folder: string): Promise<void> {
  await mkdir(folder)
  const files = releaseOf({ version, image: 'localhost/k0smotron-ts' })
  for (const { path, content } of files.filter(file => /^(?:\w|-)+-components\.yaml$/.test(file.path))) {
    const objects = parseComponents(content).filter(({ kind }) => kind !== 'ValidatingWebhookConfiguration')
    await writeFile(
      join(folder, path),
      objects
        .map(withoutConversion)
        .map(one => JSON.stringify(one))
        .join('\n---\n'),
    )
  }
  await writeFile(join(folder, 'metadata.yaml'), files.find(({ path }) => path === 'metadata.yaml')?.content ?? '')
}

/** Objects of the stored version only are made. */
function withoutConversion(object: KubeObject & { readonly spec?: object }): object {
  if (object.kind !== 'CustomResourceDefinition') return object
  return { ...object, spec: { ...object.spec, conversion: { strategy: 'None' } } }
}
