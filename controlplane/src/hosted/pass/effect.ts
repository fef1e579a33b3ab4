// One change of an object that is there already — shell
import type { Applied, Effect, Shell } from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'

export async function effect({ type, object, change, concerns }: Effect, shell: Shell): Promise<readonly Applied[]> {
  const { resourceVersion } = object.metadata
  const write = (): Promise<unknown> => {
    if (change === 'evict') return shell.evict(object)
    if (change !== 'delete') return shell.patch(type, object, change.patch)
    return shell.delete(type, object, { ...(resourceVersion !== undefined && { resourceVersion }) })
  }
  return [(await attempt({ object, concerns, write })).applied]
}
