// What the image has beside the managers: a few Debian packages, pinned — core

/** As Node names it, as images do, as Debian does. */
export interface Platform {
  readonly node: 'x64' | 'arm64'
  readonly oci: 'amd64' | 'arm64'
}

export const platforms: readonly Platform[] = [
  { node: 'x64', oci: 'amd64' },
  { node: 'arm64', oci: 'arm64' },
]

/** When all of the packages below were the newest ones, as Debian's archive spells it. */
export const pinnedOn = '20261128T000000Z'

export interface DebianPackage {
  readonly name: string
  readonly version: string
  /** Below the root of a mirror. */
  readonly path: string
  readonly sha256: string
}

/** What Node is linked with, and the authorities of the public web. New versions come with new hashes, in one commit. */
export const debianPackages: Readonly<Record<Platform['oci'], readonly DebianPackage[]>> = {
  amd64: packagesFor('amd64', {
    libc6: 'ba4f88f73dbc3ae9055f3c20f4523bfdbaf1ad13ff95e258924f77d20b4fbedf',
    'libgcc-s1': '3016e62cb4b7cd8038822870601f5ed131befe942774d0f745622cc77d8a88f7',
    'libstdc++6': '5cd3171216d4ab0fc911cfe9c35509bf2dd8f47761c43b7f6a4296701551a24d',
    'gcc-12-base': '1896a2aacf4ad681ff5eacc24a5b0ca4d5d9c9b9c9e4b6de5197bc1e116ea619',
  }),
  arm64: packagesFor('arm64', {
    libc6: '01f4330719fd4f65580e16ea5a0527f372fca750e8f588d26deaf09f2d3b1cf4',
    'libgcc-s1': '576926b283613db80168ddf76380a3bd877602778cf0d226caa7bfbfa71eacf3',
    'libstdc++6': '26e138c677a985775331373828a6c286c551ff397cb735d00e2383cb273d1cb2',
    'gcc-12-base': '674cf6cba6d432bd200c45fe866c1652c7a53523cc2e7a613e05bc4abf7b5440',
  }),
}

function packagesFor(
  architecture: Platform['oci'],
  hashes: Readonly<Record<'libc6' | 'libgcc-s1' | 'libstdc++6' | 'gcc-12-base', string>>,
): readonly DebianPackage[] {
  const [gcc, glibc] = ['12.2.0-14+deb12u1', '2.36-9+deb12u14']
  const pool = 'debian/pool/main/g'
  const of = (name: keyof typeof hashes, source: string, version: string): DebianPackage => ({
    name,
    version,
    path: `${pool}/${source}/${name}_${version}_${architecture}.deb`,
    sha256: hashes[name],
  })
  return [
    of('libc6', 'glibc', glibc),
    of('libgcc-s1', 'gcc-12', gcc),
    of('libstdc++6', 'gcc-12', gcc),
    of('gcc-12-base', 'gcc-12', gcc), // where the licences of both are
    {
      name: 'ca-certificates',
      version: '20250419~deb12u2',
      path: 'debian-security/pool/updates/main/c/ca-certificates/ca-certificates_20250419~deb12u2_all.deb',
      sha256: 'b9f76b5271a7ac373fd5e7e1b5b826a71ddd702b42a0d104955ecb1acfffc94b',
    },
  ]
}

/** Libraries, licences and authorities; no tables of character sets, which nobody converts. */
export function isKept(path: string): boolean {
  if (/^usr\/share\/doc\/[^/]+\/copyright$/.test(path) || isAuthority(path)) return true
  return /^(?:usr\/)?lib(?:64)?\//.test(path) && !/\/(?:gconv|audit)\//.test(path)
}

/** Of these, one file is made that every program reads. */
export const isAuthority = (path: string): boolean => /^usr\/share\/ca-certificates\/mozilla\/[^/]+\.crt$/.test(path)
