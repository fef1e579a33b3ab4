// The bootstrap provider — shell
export { type BootstrapOptions, bootstrapProvider, fieldManager } from './provider.ts'
