// Where a hosted control plane keeps its data — core
import { choice, flag, listOf, mapOf, optional, preserved, quantity, record, text } from '../schema/fields.ts'
import { objectName, optionalName, resources } from '../schema/shared-fields.ts'

const autoDeletePVCs = (description: string) => flag({ description })

/** The key of the Secret that `dataSourceSecretName` names; k0smotron's. */
export const kineDataSourceKey = 'K0SMOTRON_KINE_DATASOURCE_URL'

/** In a spec and in a Secret, in characters. */
export const maxDataSourceLength = 2048

/** Left in a spec by k0smotron where the data source comes from a Secret; means: not given. */
export const kineDataSourcePlaceholder = '__K0SMOTRON_KINE_DATASOURCE_URL_PLACEHOLDER__'

const volumeOfSet = (description: string) =>
  record(
    {
      storageClass: optional(
        text({
          description: 'storageClass is the name of the StorageClass; defaults to the default class of the cluster.',
          maxLength: 253,
        }),
      ),
      size: optional(quantity({ description: 'size is the size of the volume; defaults to 1Gi, also when 0.' })),
    },
    { description },
  )

const defragJob = record(
  {
    enabled: optional(flag({ description: 'enabled runs a CronJob that defragments the members.' })),
    schedule: optional(
      text({ description: 'schedule is the cron schedule; defaults to "0 12 * * *".', maxLength: 128 }),
    ),
    rule: optional(text({ description: 'rule is the condition on which a member is defragmented.' })),
    image: optional(text({ description: 'image is the image of the job.', maxLength: 512 })),
  },
  { description: 'defragJob configures the periodic defragmentation of etcd.' },
)

const etcd = record(
  {
    image: optional(
      text({ description: 'image is the image of etcd; each release sets the default.', maxLength: 512 }),
    ),
    args: optional(
      listOf(text({ description: 'A flag of etcd such as --quota-backend-bytes=8589934592.' }), {
        description:
          'args are additional flags of etcd; the last value of a flag wins. Flags that decide about members, data, addresses or certificates have no effect.',
      }),
    ),
    persistence: optional(volumeOfSet("persistence configures the volume of etcd's data.")),
    autoDeletePVCs: optional(
      autoDeletePVCs('autoDeletePVCs deletes the PersistentVolumeClaims when the control plane is deleted.'),
    ),
    defragJob: optional(defragJob),
    resources: optional(resources('resources are the requests and limits of the etcd container.')),
  },
  { description: 'etcd configures the datastore when type is etcd.' },
)

/** At most one of two fields says something: an empty one does not, nor does what k0smotron left in it. */
export function oneDataSource<const Url extends string, const Name extends string>(url: Url, name: Name) {
  return {
    rule: `!has(self.${url}) || self.${url} in ['', '${kineDataSourcePlaceholder}'] || !has(self.${name}) || self.${name} == ''`,
    message: `give ${url} or ${name}, not both`,
    isMet: (self: { readonly [field in Url | Name]?: string }) =>
      !self[url] || self[url] === kineDataSourcePlaceholder || !self[name],
  }
}

const kine = record(
  {
    dataSourceURL: optional(
      text({
        description:
          'dataSourceURL is the data source of kine in clear text; use dataSourceSecretName when it holds a password.',
        maxLength: maxDataSourceLength,
      }),
    ),
    dataSourceSecretName: optional(
      optionalName(
        `dataSourceSecretName names a Secret in the same namespace whose key ${kineDataSourceKey} holds the data source; none when empty.`,
      ),
    ),
  },
  {
    description: 'kine configures the datastore when type is kine.',
    rules: [
      {
        ...oneDataSource('dataSourceURL', 'dataSourceSecretName'),
        fieldPath: '.dataSourceURL',
      },
    ],
  },
)

export const storage = record(
  {
    type: optional(
      choice(['etcd', 'kine', 'nats'], { description: 'type is the type of the datastore; defaults to etcd.' }),
    ),
    etcd: optional(etcd),
    kine: optional(kine),
    nats: optional(
      record(
        { persistence: optional(volumeOfSet('persistence configures the volume of the NATS store.')) },
        { description: 'nats configures the datastore when type is nats.' },
      ),
    ),
  },
  {
    description:
      'storage is the datastore of the control plane. Its type cannot change, because the data would not move to the new datastore.',
  },
)

const claimMetadata = record(
  {
    name: optional(objectName('name is the name of the claim template.')),
    namespace: optional(text({ description: 'namespace is accepted and has no effect.', maxLength: 253 })),
    labels: optional(
      mapOf(text({ description: 'A label value.', maxLength: 63 }), { description: 'labels are added to the claims.' }),
    ),
    annotations: optional(
      mapOf(text({ description: 'An annotation value.', maxLength: 16384 }), {
        description: 'annotations are added to the claims.',
      }),
    ),
    finalizers: optional(
      listOf(text({ description: 'A finalizer.', maxLength: 253 }), {
        description: 'finalizers are accepted and have no effect.',
      }),
    ),
  },
  { description: 'metadata is the metadata of the claims.' },
)

export const persistence = record(
  {
    type: optional(
      // Go clients of k0smotron write the empty text when they say nothing
      choice(['', 'emptyDir', 'hostPath', 'pvc'], {
        description: 'type is the type of the volume; defaults to emptyDir, also when empty.',
      }),
    ),
    persistentVolumeClaim: optional(
      record(
        {
          apiVersion: optional(text({ description: 'apiVersion is accepted and has no effect.', maxLength: 64 })),
          kind: optional(text({ description: 'kind is accepted and has no effect.', maxLength: 64 })),
          metadata: optional(claimMetadata),
          spec: optional(preserved({}, { description: 'spec is the PersistentVolumeClaimSpec of the claims.' })),
          status: optional(preserved({}, { description: 'status is accepted and has no effect.' })),
        },
        { description: 'persistentVolumeClaim is the claim template when type is pvc.' },
      ),
    ),
    autoDeletePVCs: optional(
      autoDeletePVCs('autoDeletePVCs deletes the PersistentVolumeClaims when the control plane is deleted.'),
    ),
    hostPath: optional(
      text({ description: 'hostPath is the directory on the node when type is hostPath.', maxLength: 4096 }),
    ),
  },
  { description: 'persistence configures the volume of the data directory of k0s.' },
)
