// Which releases speak which contract of Cluster API: `metadata.yaml`, without which clusterctl installs nothing — core

interface ReleaseSeries {
  readonly major: number
  readonly minor: number
  readonly contract: string
}

const contract = 'v1beta2'

/** Of every minor version that was released before: clusterctl looks up what is installed, too. */
const earlier: readonly ReleaseSeries[] = []

/** Of a release, which is in a series of it. Throws what is wrong with a text that is no version such as `v1.2.3`. */
export function metadataOf(version: string): object {
  const series = { ...seriesOf(version), contract }
  return {
    apiVersion: 'clusterctl.cluster.x-k8s.io/v1alpha3',
    kind: 'Metadata',
    releaseSeries: [...earlier.filter(({ major, minor }) => major !== series.major || minor !== series.minor), series],
  }
}

function seriesOf(version: string): Pick<ReleaseSeries, 'major' | 'minor'> {
  const [, major, minor] = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?$/.exec(version) ?? []
  if (major === undefined) throw new Error(`The version is ${JSON.stringify(version)}; it must be one such as v0.1.0`)
  return { major: Number(major), minor: Number(minor) }
}
