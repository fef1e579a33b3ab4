// The names under which manifests ask for images that a lab has under names of its own — shell
import type { ReleasedStage } from './released.ts'

/** Registries that pages name: the one that an empty spec means, and one of a reader's own. */
const registries = ['quay.io/k0sproject', 'registry.example']

/** Nodes of a lab can pull nothing: they know what they have under the names of these registries, too. */
export async function nameAsPublished({ lab, k0s }: ReleasedStage): Promise<void> {
  const images = {
    [`k0s:${k0s.version.replace('+', '-')}`]: `${k0s.image}:${k0s.version.replace('+', '-')}`,
    [`etcd:${k0s.etcdImage.split(':').at(-1)}`]: k0s.etcdImage,
  }
  for (const [name, image] of Object.entries(images)) {
    const published = registries.map(registry => `${registry}/${name}`).filter(other => other !== image)
    console.log(`On the lab's nodes, ${published.join(' and ')} is ${image}`)
    for (const node of lab.nodes)
      await node.exec(['ctr', '--namespace', 'k8s.io', 'images', 'tag', image, ...published])
  }
}
