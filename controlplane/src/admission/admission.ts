// What is refused, and what is said, when a control plane is written — core
import type { HostedSpec, K0smotronControlPlaneTemplate } from '@k0smotron-ts/api'
import type { AdmissionRequest, AdmissionRule } from '@k0smotron-ts/runtime'
import { sleepFaults, sleepIn } from '../hosted/facts/sleep.ts'
import { paths } from '../webhooks.ts'
import { hostedWarnings } from './hosted-warnings.ts'
import { type Versioned, versionChangeRefusal } from './version-change.ts'

/** K0smotronControlPlane and Cluster of k0smotron.io have the same spec. */
const live: AdmissionRule = ({ object, oldObject }: AdmissionRequest) => {
  const { spec = {} } = object as { readonly spec?: HostedSpec }
  const refusal = oldObject && versionChangeRefusal(oldObject as Versioned, object as Versioned)
  const sleep = sleepIn(object.metadata)
  const faults = sleep ? sleepFaults(sleep).map(fault => `${fault}; it does not hibernate`) : []
  return { ...(refusal !== undefined && { refusal }), warnings: [...hostedWarnings(spec, 'spec'), ...faults] }
}

const template: AdmissionRule = ({ object }) => {
  const { spec } = object as K0smotronControlPlaneTemplate
  return { warnings: hostedWarnings(spec?.template?.spec ?? {}, 'spec.template.spec') }
}

/** By path. */
export const admissionRules: Readonly<Record<string, AdmissionRule>> = {
  [paths.controlPlane]: live,
  [paths.cluster]: live,
  [paths.template]: template,
}
