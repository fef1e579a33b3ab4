// Takes the wish for new certificates off our own object, once they are there — shell
import { controlPlaneCondition, renewCertificatesAnnotation } from '@k0smotron-ts/api'
import { type Applied, annotationRemoval, type Shell } from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import { ownObject } from '../identity.ts'
import type { Observed } from '../observed.ts'

const { certificatesAvailable: concerns } = controlPlaneCondition

/** After, not before: a process that dies between makes them once more. */
export async function endRenewal(
  observed: Observed,
  minted: readonly Applied[],
  shell: Shell,
): Promise<readonly Applied[]> {
  if (!observed.renewsCertificates || minted.some(({ result }) => result === 'refused')) return []
  const object = ownObject(observed)
  const operations = [
    { op: 'test' as const, path: '/metadata/uid', value: observed.owner.uid },
    ...annotationRemoval(renewCertificatesAnnotation),
  ]
  const write = () => shell.patch(observed.owner.type, object, { operations })
  return [(await attempt({ object, concerns, write })).applied]
}
