// The control plane provider — shell
export { controlPlaneProvider } from './provider.ts'
