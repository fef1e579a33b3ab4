import { parseK0sVersion } from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import { liveService, observed } from '../../../testing/observed.ts'
import { k0sClusterConfig } from './cluster-config.ts'

it('an endpoint with the dot of the root is a name without it to k0s and in its certificate', () => {
  const situation = observed({ externalAddress: 'api_prod.example.org.' }, { services: [liveService('ClusterIP')] })
  const { endpoint, ports } = situation.exposure
  const version = parseK0sVersion('v1.36.3+k0s.1')
  if (!endpoint || !ports || !version) throw new Error('the endpoint is known')
  const config = k0sClusterConfig(situation, { version, endpoint, ports, isProbedOverHTTPS: false })
  const sans = expect.arrayContaining(['api_prod.example.org'])
  expect(config).toMatchObject({ spec: { api: { externalAddress: 'api_prod.example.org', sans } } })
})
