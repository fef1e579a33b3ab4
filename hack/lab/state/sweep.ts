// `node hack/lab/state/sweep.ts`: what a lab's keeper becomes when the lab's process is gone — shell
import { sweepLabs } from './registry.ts'

await sweepLabs()
