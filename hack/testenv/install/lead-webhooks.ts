// Leads the API server to webhooks that are a process beside it — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { configurationOf } from '@k0smotron-ts/config'
import type { Client } from '@k0smotron-ts/runtime'
import type { WebhookDeclaration } from '@k0smotron-ts/runtime/rbac'
import { install } from './install.ts'
import { definitionType } from './installable.ts'

/** Services lead nowhere here. Whom to trust is written by the manager, once it is there. */
export async function leadWebhooks(client: Client, declaration: WebhookDeclaration, port: number): Promise<void> {
  const url = (path: string) => ({ url: `https://localhost:${port}${path}` })
  await install(client, [configurationOf(declaration, url) as KubeObject])
  const clientConfig = { ...url('/convert'), service: null }
  const patch = { spec: { conversion: { strategy: 'Webhook', webhook: { clientConfig } } } }
  for (const name of declaration.definitions) await client.patchMerge(definitionType, { name }, patch)
}
