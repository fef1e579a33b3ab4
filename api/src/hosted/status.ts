// What the status of every kind of control plane says — core
import type { TObject } from 'typebox'
import { integer, listOf, optional, record, text, timestamp } from '../schema/fields.ts'
import { conditions, endpoint, observedGeneration, port } from '../schema/shared-fields.ts'
import type { ValueOf } from '../schema/value.ts'

const counter = (description: string) => optional(integer({ description, minimum: 0 }))

export const hostedStatusFields = {
  selector: optional(
    text({
      description: 'selector is the label selector of the control plane pods, for the scale subresource.',
      maxLength: 1024,
    }),
  ),
  replicas: counter('replicas is the number of control plane pods.'),
  readyReplicas: counter('readyReplicas is the number of ready pods.'),
  ports: optional(
    record(
      {
        api: port('api is the published port of the API server.'),
        konnectivity: port('konnectivity is the published port for konnectivity agents.'),
        serviceType: optional(
          text({ description: 'serviceType is the type of the Service that publishes the ports.', maxLength: 32 }),
        ),
      },
      { description: 'ports are the published ports; a Service that is created again gets the same ones.' },
    ),
  ),
  publishedEndpoint: optional(
    endpoint('publishedEndpoint is the endpoint that this controller chose; absent when spec or the Cluster has one.'),
  ),
  certificatesExpireAt: optional(
    timestamp({ description: 'certificatesExpireAt is the time at which the first generated certificate expires.' }),
  ),
  etcd: optional(
    record(
      {
        databaseSize: optional(
          text({
            description:
              'databaseSize is the size of the largest database of a member, in steps of one twentieth of its quota; metrics are more precise.',
            maxLength: 32,
          }),
        ),
        databaseQuota: optional(
          text({ description: 'databaseQuota is the size at which etcd refuses all writes.', maxLength: 32 }),
        ),
        alarms: optional(
          listOf(text({ description: 'NOSPACE or CORRUPT.', maxLength: 32 }), {
            description: 'alarms are the alarms that etcd has raised.',
            maxItems: 8,
          }),
        ),
      },
      { description: 'etcd is what the members of etcd said of their databases when they were asked last.' },
    ),
  ),
  conditions: optional(
    conditions('conditions describe the current state: what works, what is pending and what needs attention.'),
  ),
  observedGeneration: optional(observedGeneration),
}

/** What every kind reports. */
export type HostedStatus = ValueOf<TObject<typeof hostedStatusFields>>

/** Which of the pods run what spec asks for; the kinds name it differently. */
export const upToDateCounter = (name: string) => counter(`${name} is the number of pods that run what spec asks for.`)

export const availableReplicas = counter('availableReplicas is the number of available pods.')
