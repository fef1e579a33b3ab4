// A release as files: manifests, and the image that they name — shell
export { type BuiltImage, buildImage, type ImageOrder } from '../image/build.ts'
export { thisPlatform } from '../image/this-platform.ts'
export { type WriteOptions, writeRelease } from './write.ts'
