import { issueServiceAccountKey } from '@k0smotron-ts/runtime/shell'
import { describe, expect, it } from 'vitest'
import { certificates, liveSet, observed, type Situation, secret } from '../../testing/observed.ts'
import { labelsOf } from '../identity.ts'
import { authoritiesMark, madeWithThese } from './made-with.ts'
import { createFactsReader } from './secret-facts.ts'

const version = 'v1.36.3+k0s.1'
const { secrets } = certificates
const mark = authoritiesMark(observed({ version }, { secrets }))
const set = (annotations: Readonly<Record<string, string>>) =>
  liveSet('kmc-prod', { spec: { selector: {}, template: { metadata: { annotations } } } })
const beside = (situation: Situation, annotations = mark) =>
  observed({ version }, { secrets, statefulSets: [set(annotations)], ...situation })

/** Well-formed, and not the one that the pods have. */
const issued = await issueServiceAccountKey()
const base64 = (text: string) => Buffer.from(text).toString('base64')
const data = { 'tls.crt': base64(issued.publicKey), 'tls.key': base64(issued.privateKey.reveal()) }
const other = { ...secret('sa'), metadata: { ...secret('sa').metadata, uid: 'uid' }, data }

it.each([
  ['all', beside({})],
  ['others', beside({ secrets: { ...secrets, sa: other } })],
  ['some', beside({ secrets: { sa: secret('sa') } })],
  [undefined, beside({}, {})],
  [undefined, observed({ version }, { secrets })],
] as const)('pods were made with %s of the authorities', (expected, snapshot) => {
  expect(madeWithThese(snapshot)).toBe(expected)
})

describe('a pair from another backup', () => {
  const holding = (labels: Readonly<Record<string, string>>) => {
    const sa = { ...other, metadata: { ...other.metadata, labels } }
    return createFactsReader()(beside({ secrets: { ...secrets, sa } })).certificates.sa
  }

  it('is at fault when it has our labels and no owner', () => {
    expect(holding(labelsOf({ clusterName: 'prod' }, 'certificates'))).toMatchObject({
      fault: expect.stringContaining('every token would be void'),
    })
  })

  it("is the user's own when it lacks one", () => {
    expect(holding({})).toEqual({ fits: true, tokenKeys: [expect.anything()] })
  })
})
