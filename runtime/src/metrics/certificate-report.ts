// What is measured of the certificates of one cluster — core

/** As k0smotron calls it. */
export type RenewalResult = 'success' | 'error'

/** The certificates of one cluster, by what they are for. */
export interface CertificateReport {
  readonly cluster: string
  readonly ends: Readonly<Record<string, Date>>
  /** When each is to be renewed; of those alone that are renewed. */
  readonly dues: Readonly<Record<string, Date>>
  /** Those that this pass tried to renew. */
  readonly renewals: Readonly<Record<string, RenewalResult>>
}
