// What a control plane of v1beta1 says in other words — core
import { choice, mapOf, text } from '../schema/fields.ts'
import type { SpecDifferences } from '../versions/differences.ts'
import { oneDataSource } from './storage.ts'

/** k0smotron's own: what v1beta1 says of the Service, on the object of v1beta2. */
const droppedService = 'k0smotron.io/conversion-dropped-service.'

const given = (name: string) => `has(self.${name}) && self.${name} != ''`
const isKine = (self: string) =>
  ['kineDataSourceURL', 'kineDataSourceSecretName'].map(name => given(name).replaceAll('self', self)).join(' || ')

/** All of it has to fit into one annotation, beside what `kubectl apply` writes into another. */
const keysFit = {
  rule: 'self.all(key, key.size() <= 317)',
  message: 'keys have 317 characters at most',
  isMet: (self: object) => Object.keys(self).every(key => key.length <= 317),
}

/** The Service's own fields that only v1beta1 has; the control plane acts on them in both versions. */
export const addedToService = {
  below: 'service',
  annotation: droppedService,
  fields: {
    labels: mapOf(text({ description: 'A label value.', maxLength: 63 }), {
      description: 'labels are added to the Service.',
      maxProperties: 32,
      rules: [keysFit],
    }),
    annotations: mapOf(text({ description: 'An annotation value.', maxLength: 2048 }), {
      description: 'annotations are added to the Service.',
      maxProperties: 32,
      rules: [keysFit],
    }),
    externalTrafficPolicy: choice(['Cluster', 'Local'], {
      description: 'externalTrafficPolicy is that of the Service; it has no effect on type ClusterIP.',
    }),
    loadBalancerClass: text({
      description: 'loadBalancerClass is that of the Service; it has an effect on type LoadBalancer only.',
      maxLength: 317,
    }),
  },
} as const

export const hostedDifferences: SpecDifferences = {
  moved: {
    kubeconfigRef: 'remoteHostCluster.kubeconfigRef',
    etcd: 'storage.etcd',
    kineDataSourceURL: 'storage.kine.dataSourceURL',
    kineDataSourceSecretName: 'storage.kine.dataSourceSecretName',
    controllerPlaneFlags: 'controlPlaneFlags',
  },
  absent: ['patches', 'certificates', 'controlPlaneEndpoint'],
  implied: { path: 'storage.type', value: 'kine', by: ['kineDataSourceURL', 'kineDataSourceSecretName'] },
  added: addedToService,
  rules: [
    {
      ...oneDataSource('kineDataSourceURL', 'kineDataSourceSecretName'),
      fieldPath: '.kineDataSourceURL',
    },
  ],
}

const sameDatastore = {
  rule: `(${isKine('self')}) == (${isKine('oldSelf')})`,
  message:
    'the datastore cannot change between etcd and kine: the data would stay in the old one; make a new control plane',
}

/** Of what runs, not of a template. */
export const liveDifferences: SpecDifferences = {
  ...hostedDifferences,
  rules: [...hostedDifferences.rules, sameDatastore],
}
