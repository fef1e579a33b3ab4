// How a hosted control plane is exposed — core
import { choice, flag, mapOf, optional, record, text } from '../schema/fields.ts'
import { port, unprivilegedPort } from '../schema/shared-fields.ts'

/** Ports have no default in the schema: the effective ones are in the status, so they are never mistaken for the user's wish. */
export const service = record(
  {
    type: optional(
      choice(['ClusterIP', 'NodePort', 'LoadBalancer'], {
        description: 'type is the type of the Service; defaults to ClusterIP.',
      }),
    ),
    apiPort: optional(
      port(
        'apiPort is the published port of the API server. When absent: 30443 for ClusterIP and LoadBalancer, a free port that the API server allocates for NodePort.',
      ),
    ),
    konnectivityPort: optional(
      unprivilegedPort(
        'konnectivityPort is the published port for konnectivity agents. When absent: 30132 for ClusterIP and LoadBalancer, a free port that the API server allocates for NodePort.',
      ),
    ),
  },
  {
    description: 'service configures the Service that exposes the control plane.',
    rules: [
      {
        // NodePorts that are not given are allocated, and so never equal
        rule: "has(self.type) && self.type == 'NodePort' && !(has(self.apiPort) && has(self.konnectivityPort)) || (has(self.apiPort) ? self.apiPort : 30443) != (has(self.konnectivityPort) ? self.konnectivityPort : 30132)",
        message: 'apiPort and konnectivityPort must differ',
        fieldPath: '.konnectivityPort',
      },
    ],
  },
)

export const ingress = record(
  {
    deploy: optional(flag({ description: 'deploy says whether the Ingress object is created; defaults to true.' })),
    port: optional(port('port is the port at which clients reach the ingress controller; defaults to 443.')),
    apiHost: text({ description: 'apiHost is the host name of the API server.', minLength: 1, maxLength: 253 }),
    konnectivityHost: text({
      description: 'konnectivityHost is the host name for konnectivity agents.',
      minLength: 1,
      maxLength: 253,
    }),
    className: optional(
      text({ description: 'className is the ingressClassName of the Ingress; none when empty.', maxLength: 253 }),
    ),
    annotations: optional(
      mapOf(text({ description: 'An annotation value.', maxLength: 16384 }), {
        description: 'annotations are added to the Ingress.',
      }),
    ),
  },
  { description: 'ingress exposes the control plane through an ingress controller with TLS passthrough.' },
)
