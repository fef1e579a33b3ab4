// What cannot be issued is told, and the rest of the pass goes on — shell
import { IssueError, type Shell } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { certificates, observed } from '../../../testing/observed.ts'
import { refusalOf } from '../../report/refused.ts'
import { mint } from './mint.ts'

it('an authority that signs nothing is a refusal that the certificates condition repeats', async () => {
  const { etcdPeer: _, ...secrets } = certificates.secrets
  const step = await mint(observed({}, { ...certificates, secrets }), {} as Shell, () => certificates)
  const [applied] = step.applied
  expect(applied).toMatchObject({ result: 'refused', concerns: 'CertificatesAvailable' })
  expect(applied?.error).toBeInstanceOf(IssueError)
  expect(refusalOf(step.applied)).toEqual({
    reason: 'InvalidCertificate',
    message: 'the certificate authority is not a certificate in PEM form',
  })
})
