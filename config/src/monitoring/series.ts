// The series that rules and panels ask for, whichever manager has them at the time — core

/** What tells control planes apart. Where the leader changes, `instance` and `pod` change with it; these do not. */
export const perControlPlane = 'namespace, name, kind, cluster'

/** One series per control plane. */
export const ofControlPlane = (metric: string): string =>
  `max by (${perControlPlane}) (k0smotron_control_plane_${metric})`

/** Somebody wants it so, or did as shortly ago (`10m`): that it does not answer is no trouble. */
export const hibernatedWithin = (time: string): string =>
  `max by (${perControlPlane}) (max_over_time(k0smotron_control_plane_unavailable{reason="Hibernated"}[${time}])) == 1`

/** How much of its quota the database of each member of etcd takes. */
export const quotaUsed: string = `max by (${perControlPlane}, member) (k0smotron_control_plane_etcd_database_size_bytes / k0smotron_control_plane_etcd_database_quota_bytes)`

export const perCertificate = 'namespace, cluster, kind, purpose'

/** Seconds until a certificate ends. */
export const secondsLeft: string = `min by (${perCertificate}) (k0smotron_certificate_expiration_timestamp_seconds) - time()`

/** Certificates whose time to be renewed is still to come: with them all is well, however short they are. */
export const isRenewedLater: string = `max by (${perCertificate}) (k0smotron_certificate_renewal_timestamp_seconds) > time()`

/** Of managers alone, and of no other controller that has the names of controller-runtime too. */
export const ourLeases: string = 'leader_election_master_status{name=~".+[.]k0smotron[.]io"}'

/** How much of a limit each manager uses. */
const ofLimit = (used: string, limit: string): string => `${used} / on (instance, job) ${limit}`
export const memoryUsed: string = ofLimit('process_resident_memory_bytes', 'process_memory_limit_bytes')
export const heapUsed: string = ofLimit('nodejs_heap_size_used_bytes', 'nodejs_heap_size_limit_bytes')

/** Queues of the others fill up while they wait for the lease. */
export const whereLeading: string = `and on (instance) (${ourLeases} == 1)`

/** Objects that wait for a pass. */
export const waiting: string = `sum by (controller) (workqueue_depth ${whereLeading})`
