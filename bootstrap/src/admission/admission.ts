// What is said when a worker config is written — core
import {
  type K0sWorkerConfig,
  type K0sWorkerConfigTemplate,
  noK0sVersion,
  parseK0sVersion,
  printK0sVersion,
  spellingOf,
} from '@k0smotron-ts/api'
import type { AdmissionRule } from '@k0smotron-ts/runtime'
import { unsupportedFields } from '../controllers/k0sworkerconfig/input/not-supported.ts'
import { paths } from '../webhooks.ts'

type WorkerSpec = K0sWorkerConfig['spec']

const config: AdmissionRule = ({ object, oldObject }) => {
  const { spec = {} } = object as Partial<Pick<K0sWorkerConfig, 'spec'>>
  return { warnings: [...ofSpec(spec, 'spec'), ...ofChange(oldObject as K0sWorkerConfig | undefined)] }
}

const template: AdmissionRule = ({ object }) => {
  const { spec } = object as K0sWorkerConfigTemplate
  return { warnings: ofSpec(spec?.template?.spec ?? {}, 'spec.template.spec') }
}

function ofSpec(spec: WorkerSpec, path: string): string[] {
  const fields = unsupportedFields({ config: { spec } }).map(field => {
    const name = field.path.replace(/^spec/, path)
    return field.blocks
      ? `${name}: this release does not act on it, and makes no bootstrap data`
      : `${name}: this release does not act on it`
  })
  return [...ofVersion(spec, path), ...fields]
}

/** What a machine is made of was read when it was made. */
function ofChange(before: K0sWorkerConfig | undefined): string[] {
  if (before?.status?.initialization?.dataSecretCreated !== true) return []
  return ['spec: the bootstrap data is made already, and stays as it is; for a change, replace the Machine']
}

function ofVersion({ version = '' }: WorkerSpec, path: string): string[] {
  if (version === '') return []
  const parsed = parseK0sVersion(version.trim())
  if (!parsed) return [`${path}.version: ${noK0sVersion(version)}`]
  if (spellingOf(version) !== 'bare') return []
  return [`${path}.version: ${version} has no suffix, ${printK0sVersion(parsed, 'plus')} is used`]
}

/** By path. */
export const admissionRules: Readonly<Record<string, AdmissionRule>> = {
  [paths.config]: config,
  [paths.template]: template,
}
