// The platform of this machine — shell
import { arch } from 'node:os'
import { type Platform, platforms } from './base.ts'

/** Throws where there is no image for it. */
export function thisPlatform(): Platform {
  const found = platforms.find(({ node }) => node === arch())
  if (!found) throw new Error(`There is no image for ${arch()}`)
  return found
}
