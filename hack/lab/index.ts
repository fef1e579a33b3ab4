// The lab: real nodes and real machines on one Linux host, for tests, the demo and by hand — shell

export { labUnavailable } from './host/requirements.ts'
export { busyboxImage } from './images/busybox.ts'
export { type ImageOrder, writeImage } from './images/docker-archive.ts'
export type { TarEntry } from './images/tar.ts'
export { type HostingNode, type Lab, type LabOptions, labBusybox, startLab } from './lab.ts'
export type { CloudInitResult, Machine, MachineSpec, Machines } from './machine/machines.ts'
export type { LabNetwork } from './plan.ts'
export { LabUnavailable } from './state/unavailable.ts'
