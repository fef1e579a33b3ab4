// The headless Service that gives etcd's members their names — core
import type { Service } from '@k0smotron-ts/runtime'
import { metadataOf, selectorOf } from '../../identity.ts'
import type { Observed } from '../../observed.ts'

/** Members find each other before they are ready: without `publishNotReadyAddresses` a cold start would wait for ever. */
export function renderEtcdService(observed: Observed): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(observed, observed.names.etcd, 'etcd'),
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: selectorOf(observed, 'etcd'),
      ports: [
        { name: 'client', protocol: 'TCP', port: 2379, targetPort: 'client' },
        { name: 'peer', protocol: 'TCP', port: 2380, targetPort: 'peer' },
      ],
    },
  }
}
