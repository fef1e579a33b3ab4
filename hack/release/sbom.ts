// What a release is made of, as SPDX 2.3 — core
import { createHash } from 'node:crypto'

/** A package of another project that the image contains. */
export interface Component {
  readonly name: string
  readonly version: string
  /** `pkg:npm/undici@8.12.4` */
  readonly purl: string
  /** An expression of SPDX; absent where nobody declared one. */
  readonly license?: string
  readonly checksum?: { readonly algorithm: 'SHA256' | 'SHA512'; readonly value: string }
}

const project = 'SPDXRef-k0smotron-ts'
const document = 'SPDXRef-DOCUMENT'
/** A date of its own would make the bytes of one release differ. */
const created = '1970-01-01T00:00:00Z'

/** The document's name follows from its content, so the same release has the same one. */
export function sbomOf(version: string, components: readonly Component[]): string {
  const packages = components
    .toSorted((one, other) => (one.purl < other.purl ? -1 : 1))
    .map(component => ({ SPDXID: idOf(component), ...packageOf(component) }))
  const content = createHash('sha256').update(JSON.stringify(packages)).digest('hex').slice(0, 32)
  const own = { name: 'k0smotron-ts', version, purl: `pkg:generic/k0smotron-ts@${version}`, license: 'Apache-2.0' }
  const relationship = (from: string, relationshipType: string, to: string): object => ({
    spdxElementId: from,
    relationshipType,
    relatedSpdxElement: to,
  })
  const text = JSON.stringify(
    {
      spdxVersion: 'SPDX-2.3',
      dataLicense: 'CC0-1.0',
      SPDXID: document,
      name: `k0smotron-ts-${version}`,
      documentNamespace: `https://spdx.org/spdxdocs/k0smotron-ts-${version}-${content}`,
      creationInfo: { created, creators: ['Tool: k0smotron-ts-make-release'] },
      packages: [{ SPDXID: project, ...packageOf(own) }, ...packages],
      relationships: [
        relationship(document, 'DESCRIBES', project),
        ...packages.map(({ SPDXID }) => relationship(project, 'CONTAINS', SPDXID)),
      ],
    },
    null,
    2,
  )
  return `${text}\n`
}

function packageOf({ name, version, purl, license, checksum }: Component): object {
  return {
    name,
    versionInfo: version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: license ?? 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    ...(checksum && { checksums: [{ algorithm: checksum.algorithm, checksumValue: checksum.value }] }),
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
  }
}

/** Ids have letters, digits, dots and dashes only. */
const idOf = ({ purl }: Component): string => `SPDXRef-${purl.replace(/[^A-Za-z0-9.]+/g, '-')}`
