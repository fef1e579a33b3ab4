// The control plane provider — shell
export { controlPlaneProvider, fieldManager } from './provider.ts'
