// kill -9 of members of etcd, as an out-of-memory killer does it — shell
import { namesOf, type ObjectKey } from '@k0smotron-ts/api'
import { expect } from 'vitest'
import type { Stage } from '../../harness/stage.ts'

/** Resolves when Kubernetes has started each of them anew. */
export async function killMembers(stage: Stage, key: ObjectKey, ordinals: readonly number[]): Promise<void> {
  const names = ordinals.map(ordinal => `${namesOf(key.name).etcd}-${ordinal}`)
  const fieldOf = (name: string, path: string) =>
    stage.kubectl(['get', 'pod', name, `--namespace=${key.namespace}`, `--output=jsonpath={${path}}`])
  const restarts = () => Promise.all(names.map(name => fieldOf(name, '.status.containerStatuses[0].restartCount')))
  const before = await restarts()
  await Promise.all(
    names.map(async name => {
      const nodeName = await fieldOf(name, '.spec.nodeName')
      const node = stage.lab.nodes.find(one => one.name === nodeName)
      await node?.exec(['pkill', '--signal', 'KILL', '--full', `^etcd --config-file=/etc/etcd/${name}.yaml`])
    }),
  )
  await expect.poll(restarts).toEqual(before.map(count => `${Number(count) + 1}`))
}
