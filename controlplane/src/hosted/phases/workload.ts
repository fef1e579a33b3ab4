// Phase workload: the k0s pods — core
import { controlPlaneCondition, type K0sVersion, type KubeObject, noK0sVersion } from '@k0smotron-ts/api'
import type { ConditionDraft, Effect, Outcome, Wait } from '@k0smotron-ts/runtime'
import { datastoreChange } from '../datastore/change.ts'
import { hasCertificates } from '../facts/certificates.ts'
import { hibernationWait, isHibernating } from '../facts/hibernation.ts'
import { nextOfPods } from '../facts/members.ts'
import { isReady, podTrouble } from '../facts/pods.ts'
import type { RollPlan } from '../facts/roll-plan.ts'
import { rolloutConditions } from '../facts/rollout.ts'
import { versionMismatch } from '../facts/running-versions.ts'
import { versionTrouble } from '../facts/version-rule.ts'
import type { Observed } from '../observed.ts'
import { waiting } from '../phase.ts'
import type { K0sConfigInput } from '../render/k0s/cluster-config.ts'
import { type K0sConfig, k0sConfigOf, renderK0sConfig } from '../render/k0s/config.ts'
import { networkTrouble } from '../render/k0s/network-in-use.ts'
import { isProbedOverHTTPS } from '../render/k0s/probes.ts'
import { mayStart, rollOfLive } from '../render/k0s/renewal.ts'
import { ownOrder, replacement } from '../render/k0s/replacement.ts'
import { knowsStacks } from '../render/k0s/stacks.ts'
import { renderK0sStatefulSet } from '../render/k0s/stateful-set.ts'
import { faultOfUserConfig } from '../render/k0s/user-config.ts'
import { renderPodDisruptionBudget } from '../render/pod-disruption-budget.ts'
import { stopLive } from '../render/stop.ts'

const { anyPhaseReason, controlPlaneComponentsHealthy, componentsReason } = controlPlaneCondition

const addOnsAtRisk =
  'the add-ons of this k0s version are not known here: replacing a pod may delete and re-create CoreDNS, kube-proxy and the network provider'

/** A wait renders no StatefulSet: live pods stay as they are, whatever is wrong with the spec. */
export function renderWorkload(observed: Observed): Outcome {
  const { pods, plan } = podsOf(observed)
  const budget = renderPodDisruptionBudget(observed, observed.names.statefulSet, 'control-plane')
  const unrendered = 'reason' in pods ? pods : undefined
  const objects: KubeObject[] = 'reason' in pods ? [budget] : [budget, ...pods]
  const wait = hibernationWait(observed) ?? unrendered ?? missingReadiness(observed, plan)
  const conditions = [healthy(observed, wait), ...rolloutConditions(observed, unrendered, plan)]
  return { conditions, objects, effects: effectsOf(observed, plan, unrendered) }
}

function effectsOf(observed: Observed, plan: RollPlan, unrendered: Wait | undefined): readonly Effect[] {
  if (isHibernating(observed))
    return unrendered ? stopLive(observed.k0sSet, controlPlaneComponentsHealthy) : ownOrder(observed)
  return unrendered
    ? [...rollOfLive(observed), ...(mayStart(observed) ? replacement(observed, plan) : [])]
    : [...ownOrder(observed), ...replacement(observed, plan)]
}

interface Pods {
  readonly plan: RollPlan
  readonly pods: readonly KubeObject[] | Wait
}

function podsOf(observed: Observed): Pods {
  const plan = nextOfPods(observed)
  // what changes meanwhile comes with the pods that are made when it wakes
  if (isHibernating(observed) && isStopped(observed)) return { plan, pods: [] }
  const input = inputOf(observed)
  if ('reason' in input) return { plan, pods: input }
  const config = k0sConfigOf(observed, input)
  if (config.fault) return { plan, pods: { reason: componentsReason.invalidConfig, message: config.fault } }
  const trouble = networkTrouble(observed, config.hash)
  return trouble ? { plan, pods: trouble } : rendered(observed, input, config)
}

/** Pods without a StatefulSet end by one that wants none. */
function isStopped({ k0sSet, k0sPods }: Observed): boolean {
  return k0sSet ? k0sSet.spec?.replicas === 0 : k0sPods.length === 0
}

function rendered(observed: Observed, input: K0sConfigInput, config: K0sConfig): Pods {
  const plan = nextOfPods(observed, config.hash)
  const set = renderK0sStatefulSet(observed, { input, config, replicas: plan.replicas })
  return { plan, pods: [renderK0sConfig(observed, config), set] }
}

/** Everything that the configuration of k0s needs, or the first thing that is missing. */
function inputOf(observed: Observed): K0sConfigInput | Wait {
  const version = observed.version
  if (!version) return { reason: anyPhaseReason.invalidVersion, message: versionFault(observed) }
  const refused = versionTrouble(observed, version)
  if (refused) return refused
  const fault = faultOfUserConfig(observed)
  if (fault) return { reason: componentsReason.invalidConfig, message: fault }
  return knownInput(observed, version)
}

function knownInput(observed: Observed, version: K0sVersion): K0sConfigInput | Wait {
  const { endpoint, ports, service } = observed.exposure
  // the certificate of the API server names the addresses of the Service: they have to be known first
  if (!endpoint || !ports || !service?.spec?.clusterIPs?.length) {
    return { reason: componentsReason.waitingForEndpoint, message: 'waiting for the control plane endpoint' }
  }
  if (!mayUseDatastore(observed)) {
    return { reason: componentsReason.waitingForDatastore, message: `waiting for ${observed.datastore.needs}` }
  }
  if (!hasCertificates(observed, 'ca', 'proxy', 'sa', ...observed.datastore.clientPurposes)) {
    return { reason: componentsReason.waitingForCertificates, message: 'waiting for the certificates' }
  }
  return { version, endpoint, ports, isProbedOverHTTPS: isProbedOverHTTPS(observed, version) }
}

function mayUseDatastore(observed: Observed): boolean {
  const { datastore } = observed
  return datastore.mayStart(observed) && datastore.storage(observed) !== undefined && !datastoreChange(observed)
}

function versionFault({ spec: { version } }: Observed): string {
  return version
    ? `spec.version: ${noK0sVersion(version)}`
    : 'spec.version is empty; set a k0s version such as v1.36.3+k0s.1'
}

function missingReadiness(observed: Observed, plan: RollPlan): Wait | undefined {
  const pods = observed.k0sPods
  const wanted = observed.k0sSet?.spec?.replicas ?? 1
  if (plan.replicas === 0) {
    return { reason: componentsReason.waitingForDatastore, message: `waiting for ${plan.waitsFor}` }
  }
  if (pods.filter(isReady).length >= wanted) return versionMismatch(observed)
  return (
    podTrouble(observed, observed.k0sSet, observed.k0sPods) ?? {
      reason: componentsReason.waitingForPods,
      message: `waiting for the control plane pod to be ready${whereToLook(observed)}`,
    }
  )
}

/** A datastore that runs somewhere else is seen by nobody but the pods. */
function whereToLook({ datastore, k0sPods, names, owner: { namespace } }: Observed): string {
  if (datastore.pods || k0sPods.length === 0) return ''
  return `; if that lasts, kubectl logs -n ${namespace} statefulset/${names.statefulSet} -c controller tells whether the database answers`
}

function healthy({ version }: Observed, wait: Wait | undefined): ConditionDraft {
  if (wait) return waiting(controlPlaneComponentsHealthy, wait)
  const message = !version || knowsStacks(version) ? '' : addOnsAtRisk
  return { type: controlPlaneComponentsHealthy, status: 'True', reason: componentsReason.healthy, message }
}
