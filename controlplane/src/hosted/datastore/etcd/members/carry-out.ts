// Steps that are changes of objects in the hosting cluster — shell
import { controlPlaneCondition, type KubeObject } from '@k0smotron-ts/api'
import {
  type Applied,
  annotationAddition,
  guards,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  pods,
  type Shell,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import { removal } from '../../../facts/own-order.ts'
import { selectorOf } from '../../../identity.ts'
import type { Observed } from '../../../observed.ts'
import { effect } from '../../../pass/effect.ts'
import { volumeMarks } from '../../../pki/made-with.ts'
import { claimOf, ownMarks } from '../claim.ts'
import { claimMarks } from './marks.ts'
import { liveClaims, podsByOrdinal } from './seen.ts'
import { madeMark } from './snapshot.ts'
import type { EtcdStep, Step } from './step.ts'

const concerns = controlPlaneCondition.datastoreAvailable

/** Each is refused where the object has changed since the step was decided on. */
export async function carryOut(
  observed: Observed,
  step: Exclude<Step, EtcdStep>,
  shell: Shell,
): Promise<readonly Applied[]> {
  if (step.kind === 'replacePod') {
    const pod = podsByOrdinal(observed).get(step.ordinal)
    return pod ? effect(removal(pod, concerns), shell) : []
  }
  const change = changeOf(observed, step, shell)
  if (!change) return []
  return [(await attempt({ object: change.object, concerns, write: change.write })).applied]
}

interface Change {
  readonly object: KubeObject
  readonly write: () => Promise<unknown>
}

type ObjectStep = Exclude<Step, EtcdStep | { readonly kind: 'replacePod' }>

function changeOf(observed: Observed, step: ObjectStep, shell: Shell): Change | undefined {
  if (step.kind === 'setReplicas') return replicasChange(observed, step.replicas, shell)
  if (step.kind === 'deletePod') {
    const pod = podsByOrdinal(observed).get(step.ordinal)
    return pod && { object: pod, write: () => shell.delete(pods, pod) }
  }
  if (step.kind === 'createClaim') {
    const claim = newClaim(observed, step)
    return claim && { object: claim, write: () => shell.mint(persistentVolumeClaims, claim) }
  }
  const claim = liveClaims(observed).get(step.ordinal)
  return claim && (step.kind === 'markClaim' ? marking(claim, step, shell) : deletion(claim, shell))
}

function replicasChange({ datastoreSet: set }: Observed, replicas: number, shell: Shell): Change | undefined {
  if (!set) return undefined
  const operations = [...guards(set), { op: 'add' as const, path: '/spec/replicas', value: replicas }]
  return { object: set, write: () => shell.patch(statefulSets, set, { operations }) }
}

function marking(
  claim: PersistentVolumeClaim,
  { to, isRoot, olderPod }: Extract<Step, { readonly kind: 'markClaim' }>,
  shell: Shell,
): Change {
  const marks = claimMarks({ mark: to, isRoot, olderPod })
  const operations = [...guards(claim), ...annotationAddition(claim, marks)]
  return { object: claim, write: () => shell.patch(persistentVolumeClaims, claim, { operations }) }
}

function deletion(claim: PersistentVolumeClaim, shell: Shell): Change {
  const { resourceVersion } = claim.metadata
  const under = resourceVersion === undefined ? {} : { resourceVersion }
  return { object: claim, write: () => shell.delete(persistentVolumeClaims, claim, under) }
}

/** As the StatefulSet would make it, with a mark that we did: the request has no precondition, and may arrive late. */
function newClaim(
  observed: Observed,
  { ordinal }: Extract<Step, { readonly kind: 'createClaim' }>,
): PersistentVolumeClaim | undefined {
  const template = observed.datastoreSet?.spec?.volumeClaimTemplates?.[0]
  return (
    template?.spec && {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: claimOf(observed.names, ordinal),
        namespace: observed.owner.namespace,
        labels: { ...template.metadata?.labels, ...selectorOf(observed, 'etcd') },
        annotations: {
          ...volumeMarks(ownMarks(observed.certificates)),
          ...template.metadata?.annotations,
          ...claimMarks({ mark: madeMark }),
        },
      },
      spec: template.spec,
    }
  )
}
