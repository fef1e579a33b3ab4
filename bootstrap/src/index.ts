// The bootstrap provider — shell
export { type BootstrapOptions, bootstrapProvider } from './provider.ts'
