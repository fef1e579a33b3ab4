// Everything one pass over a JoinTokenRequest knows — core
import type { JoinTokenRequest, K0smotronCluster } from '@k0smotron-ts/api'
import type { KubeSecret, Service } from '@k0smotron-ts/runtime'

/** Read once; a write of the pass gives a new one. */
export interface Observed {
  readonly now: Date
  readonly request: JoinTokenRequest
  /** The one that knows the token; before there is a token, the one that is named. */
  readonly cluster?: K0smotronCluster
  /** The main Service of the control plane. */
  readonly service?: Service
  readonly secrets: {
    /** Under the name of the request; only one with our label is seen. */
    readonly token?: KubeSecret
    /** Of the Cluster; only those that go with it. */
    readonly ca?: KubeSecret
    readonly kubeconfig?: KubeSecret
  }
}
