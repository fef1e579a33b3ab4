import { expect, it } from 'vitest'
import type { Shell } from '../../contract/types.ts'
import type { KubeSecret } from '../../kinds.ts'
import { countCertificates } from '../../pki/certificate.ts'
import { recordedLog } from '../../testing/recorded-log.ts'
import type { WebhookDeclaration } from '../declaration.ts'
import { createCertificateController } from './controller.ts'

const day = 86_400_000
const namespace = 'k0smotron'
const declaration: WebhookDeclaration = {
  service: 'webhooks',
  secret: 'webhook-certificate',
  definitions: [],
  validating: { name: 'webhooks', webhooks: [] },
}
const timing = { authorityMs: 90 * day, servingMs: 80 * day, settleMs: day }

/** A manager that is told of nothing: its cache has no Secret. */
function shellWith(minted: KubeSecret[]): Shell {
  const shell = {
    now: () => new Date(0),
    log: recordedLog(),
    read: { get: () => undefined, unreadable: () => undefined },
    mint: async (_type: unknown, secret: KubeSecret) => {
      minted.push(secret)
      return secret
    },
  }
  return shell as unknown as Shell
}

const text = (secret: KubeSecret | undefined, name: string): string =>
  Buffer.from(secret?.data?.[name] ?? '', 'base64').toString()

it('a Secret that is gone before the manager was told of it is no reason to distrust what is served', async () => {
  const minted: KubeSecret[] = []
  const controller = createCertificateController({ namespace, declaration, maker: 'k0smotron', timing })
  const key = { namespace, name: declaration.secret }
  await controller.reconcile(key, shellWith(minted))
  await controller.reconcile(key, shellWith(minted))
  const [before, after] = minted
  expect(countCertificates(text(after, 'ca.crt'))).toBe(2)
  expect(text(after, 'ca.crt')).toContain(text(before, 'ca.crt').trim())
  expect(text(after, 'tls.crt')).toBe(text(before, 'tls.crt'))
})
