// What is used where a spec says nothing — core

/** Ports of a Service that gets no allocated ones; k0smotron's. */
export const defaultPorts = { api: 30443, konnectivity: 30132 } as const

/** Repository of k0s's image; the tag is the version. */
export const defaultK0sRepository = 'quay.io/k0sproject/k0s'

export const defaultEtcdImage = 'quay.io/k0sproject/etcd:v3.7.1'

export const defaultEtcdVolumeSize = '1Gi'
