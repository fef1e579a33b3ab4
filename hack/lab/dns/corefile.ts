// The lab's name service as CoreDNS reads it — core
import type { LabNetwork } from '../plan.ts'

export const readyPort = 8181

/**
 * Services and pods under `cluster.local`, no such name for anything else: nothing is forwarded out of the lab.
 * No cache and a TTL of zero: a test that has just made a Service finds it.
 */
export const corefile = ({ gateway }: LabNetwork, kubeconfig: string): string => `cluster.local in-addr.arpa {
  bind ${gateway}
  errors
  ready ${gateway}:${readyPort}
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${kubeconfig}
    pods insecure
    ttl 0
  }
}
. {
  bind ${gateway}
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`
