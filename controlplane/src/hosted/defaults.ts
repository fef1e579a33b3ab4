// What is used where a spec says nothing — core

/** Ports of a Service that gets no allocated ones; k0smotron's. */
export const defaultPorts = { api: 30443, konnectivity: 30132 } as const

/** Repository of k0s's image; the tag is the version. */
export const defaultK0sRepository = 'quay.io/k0sproject/k0s'

export const defaultEtcdImage = 'quay.io/k0sproject/etcd:v3.7.1'

export const defaultEtcdVolumeSize = '1Gi'

/** k0s's own default; the first address in it is the `kubernetes` Service of the workload cluster. */
export const defaultServiceCIDR = '10.96.0.0/12'
