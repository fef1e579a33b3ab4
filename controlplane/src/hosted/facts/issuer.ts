// As whom the API server of a workload cluster signs tokens, and for whom — core
import type { Observed } from '../observed.ts'
import { disabledComponents, hasOwnConfig, userFlags, valuesOf } from '../render/k0s/flags.ts'

export interface Issuer {
  /** The one that signs; further ones are only accepted. */
  readonly url: string
  /** For whom a token is that names nobody, comma-separated. */
  readonly audiences: string
  /** Where it says that its keys are; absent where the API server serves no discovery document, or each one another. */
  readonly keysAt?: string
}

/** What k0s sets. */
const ofK0s = {
  'service-account-issuer': 'https://kubernetes.default.svc',
  'service-account-jwks-uri': 'https://kubernetes.default.svc/openid/v1/jwks',
} as const
const konnectivity = { component: 'konnectivity-server', audience: 'system:konnectivity-server' } as const

/** With one of these the API server reads other keys than ours, or signs with none that it has. */
const elsewhere = ['service-account-key-file', 'service-account-signing-key-file', 'service-account-signing-endpoint']

/** What gives the API server other keys or another issuer than can be known here; `undefined`: nothing does. */
export function issuedElsewhere(observed: Observed): string | undefined {
  if (hasOwnConfig(userFlags(observed))) return '--config in spec.controlPlaneFlags'
  const flag = elsewhere.find(name => argumentsOf(observed, name).length > 0)
  return flag && `${flag} in spec.k0sConfig.spec.api`
}

export function issuerOf(observed: Observed): Issuer {
  const url = argumentsOf(observed, 'service-account-issuer', ofK0s['service-account-issuer'])[0] ?? ''
  const keysAt = argumentsOf(observed, 'service-account-jwks-uri', ofK0s['service-account-jwks-uri']).at(-1) ?? ''
  const audiences = argumentsOf(observed, 'api-audiences', defaultAudiences(observed)).join(',')
  return { url, audiences, ...(isDiscoverable(url) && keysAt !== '' && { keysAt }) }
}

function defaultAudiences(observed: Observed): string {
  const hasKonnectivity = !disabledComponents(userFlags(observed)).has(konnectivity.component)
  return [ofK0s['service-account-issuer'], ...(hasKonnectivity ? [konnectivity.audience] : [])].join(',')
}

/** Every value, in the order of the command line: k0s puts `extraArgs` in the place of its own, and `rawArgs` behind. */
function argumentsOf({ userConfig }: Observed, name: string, own?: string): readonly string[] {
  const { extraArgs = {}, rawArgs = [] } = userConfig.spec?.api ?? {}
  const { [name]: given = own } = extraArgs
  return [...(given === undefined ? [] : [given]), ...valuesOf(rawArgs, name)].map(String)
}

/** As kube-apiserver sees it: for another one it serves no documents. */
function isDiscoverable(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false
  const { protocol, search, hash } = new URL(issuer)
  return protocol === 'https:' && search === '' && hash === ''
}
