// Fields that several kinds of the lab provider have — core
import { conditions, flag, observedGeneration, optional, record, text } from '@k0smotron-ts/api/schema'

/** Of every status: what Cluster API waits for (contract: InfraMachine: initialization completed), conditions, and what they were made from. */
export const statusFields = {
  initialization: optional(
    record(
      {
        provisioned: optional(
          flag({ description: 'provisioned is true once the infrastructure is there; it is never reset.' }),
        ),
      },
      { description: 'initialization is what Cluster API waits for.' },
    ),
  ),
  conditions: optional(conditions('conditions say what works and what is waited for.')),
  observedGeneration: optional(observedGeneration),
}

export const userDataSha256 = text({
  description: 'userDataSha256 is the hash of the bytes with which the machine was switched on, in hex.',
  minLength: 64,
  maxLength: 64,
})

/** The form of a provider ID of ours. */
export const providerID = (description: string) => text({ description, minLength: 1, maxLength: 512 })
