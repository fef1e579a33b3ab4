// The data source of kine: what the spec and its Secret say — core
import {
  controlPlaneCondition,
  kineDataSourceKey,
  kineDataSourcePlaceholder,
  maxDataSourceLength,
} from '@k0smotron-ts/api'
import { Secret, type Wait } from '@k0smotron-ts/runtime'
import type { HostedSpec } from '../../input.ts'
import type { Known } from '../../observed.ts'
import { isUserInfoEscaped } from './user-info.ts'

const { datastoreReason } = controlPlaneCondition

export interface DataSource {
  readonly url: Secret<string>
  /** What a user calls the database. */
  readonly database: string
  /** Where the data source is written down, fit for a condition. */
  readonly origin: string
}

/** What k0s can be given; else why there is nothing yet, without a word of the data source itself. */
export type FoundDataSource = DataSource | Wait

const nameField = 'spec.storage.kine.dataSourceSecretName'
const urlField = 'spec.storage.kine.dataSourceURL'

/** k0smotron left its placeholder where a Secret has the data source: that is none. */
function saidBy({ storage }: HostedSpec): { readonly url?: string; readonly secret?: string } {
  const { dataSourceURL: url, dataSourceSecretName: secret } = storage?.kine ?? {}
  return { ...(url && url !== kineDataSourcePlaceholder && { url }), ...(secret && { secret }) }
}

/** The Secret that has the data source, if one is named. */
export function sourceSecretOf(spec: HostedSpec): string | undefined {
  return saidBy(spec).secret
}

export function dataSourceOf({ dataSourceSecret, owner, spec }: Known): FoundDataSource {
  const { url, secret } = saidBy(spec)
  if (url !== undefined && secret !== undefined) return invalid(`${urlField} and ${nameField} are both set; leave one`)
  if (url !== undefined) return judged(url, urlField)
  if (secret === undefined) {
    return invalid(
      `no database is named; set ${nameField} to a Secret whose key ${kineDataSourceKey} has its data source`,
    )
  }
  const named = `Secret ${secret}, which ${nameField} names`
  if (!dataSourceSecret) {
    return {
      reason: datastoreReason.waitingForDataSource,
      message: `waiting for ${named}: make it in namespace ${owner.namespace}, with the data source under the key ${kineDataSourceKey}`,
    }
  }
  const value = dataSourceSecret.data?.[kineDataSourceKey]
  if (!value) return invalid(`${named}, has nothing under the key ${kineDataSourceKey}; put the data source there`)
  const text = textOf(value)
  const origin = `the key ${kineDataSourceKey} of Secret ${secret}`
  return text === undefined
    ? invalid(`${origin} is no text in UTF-8; write the data source anew`)
    : judged(text, origin)
}

/** `undefined` for bytes that would become another password. */
function textOf(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    return undefined
  }
}

/** What a user calls the database, by how k0s wants a data source to begin. */
const databases: ReadonlyMap<string, string> = new Map([
  ['postgres', 'PostgreSQL'],
  ['mysql', 'MySQL or MariaDB'],
])

/** What people write for the two, and what k0s has to read. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['postgresql', 'postgres'],
  ['mariadb', 'mysql'],
])

/** Data in the k0s pod itself, which would end with the pod. */
const inPod = ['sqlite', 'nats'] as const

function judged(text: string, origin: string): FoundDataSource {
  const fault = faultOf(text)
  if (fault !== undefined) return invalid(`${origin} ${fault}`)
  return { url: new Secret(text), database: databases.get(schemeOf(text)) ?? '', origin }
}

/** To follow the name of the place; says nothing of the text but what is known to be no secret. */
function faultOf(text: string): string | undefined {
  if (text.length > maxDataSourceLength) {
    return `has more than ${maxDataSourceLength} characters; write a shorter data source`
  }
  if (text.trim() !== text) return 'begins or ends with white space or a line break; write it without'
  const scheme = schemeOf(text)
  if (databases.has(scheme) && text.startsWith(`${scheme}://`))
    return scheme === 'postgres' ? faultOfURL(text) : undefined
  const stored = inPod.find(one => one === scheme)
  if (stored) {
    return `is of ${stored}, which keeps data in the k0s pod, and that has no volume for it yet; use PostgreSQL or MySQL`
  }
  const begin = [...databases.keys()].map(name => `${name}://`)
  const meant = otherNames.get(scheme)
  return meant ? `begins with ${scheme}:; begin it with ${meant}://` : `does not begin with ${begin.join(' or ')}`
}

/** MySQL's is no URL: there nothing is escaped. */
function faultOfURL(text: string): string | undefined {
  return isUserInfoEscaped(text)
    ? undefined
    : 'is no URL that k0s can read: write every character of user name and password that is no letter or digit percent-encoded, as %2F for /, %3F for ?, %23 for # and %25 for %'
}

function schemeOf(text: string): string {
  return text.split(':', 1)[0] ?? ''
}

function invalid(message: string): Wait {
  return { reason: datastoreReason.invalidDataSource, message }
}

/** The field that names a database whose data would be in the pod. */
export function unsupportedSource(observed: Known): readonly string[] {
  const { url } = saidBy(observed.spec)
  const isInPod = url !== undefined && inPod.some(one => one === schemeOf(url))
  return isInPod ? [urlField] : []
}
