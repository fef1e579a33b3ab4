// The pod that runs a k0s control plane — core
import { k0sImage } from '../../facts/k0s-version.ts'
import type { Observed } from '../../observed.ts'
import {
  accountOf,
  type Container,
  confined,
  container,
  type PodSpec,
  placementOf,
  resourcesOf,
} from '../pod-defaults.ts'
import { isProbedOverHTTPS } from './authentication.ts'
import { containerPort, type K0sConfigInput } from './cluster-config.ts'
import type { K0sConfig } from './config.ts'
import { hasOwnConfig, userFlags } from './flags.ts'
import { k0sPaths } from './paths.ts'
import { k0sProbes } from './probes.ts'
import { stackFiles } from './stacks.ts'
import { k0sVolumes } from './volumes.ts'

/** k0s with all components and external etcd, without nodes: 680 MB and 28 to 50 m (1.35 and 1.36). */
const idle = { requests: { cpu: '50m', memory: '680M' } }

/**
 * A young k0s needs almost a minute to stop, and is given time to get older first; killed earlier it leaves its leases
 * behind (ADR 21).
 */
const stop = {
  terminationGracePeriodSeconds: 90,
  lifecycle: { preStop: { sleep: { seconds: 5 } } },
} as const

/**
 * k0s must be uid 0 and set the group of its children; it gets that one capability and nothing else, which Pod Security
 * `baseline` accepts. Commands are argument vectors: no shell reads anything of the user's.
 */
export function k0sPodSpec(observed: Observed, input: K0sConfigInput, config: K0sConfig): PodSpec {
  const { reference: image } = k0sImage(observed, input.version)
  return {
    ...accountOf(observed),
    ...placementOf(observed, 'cluster'),
    terminationGracePeriodSeconds: stop.terminationGracePeriodSeconds,
    securityContext: { runAsUser: 0, runAsGroup: 0 },
    initContainers: [copyInitialFiles(observed, input, image)],
    containers: [controller(observed, input, image)],
    volumes: k0sVolumes(observed, input, config),
  }
}

/** The authorities, which k0s writes beside and whose modes it changes, and the placeholders of its stacks. */
function copyInitialFiles(observed: Observed, { version }: K0sConfigInput, image: string): Container {
  const folders = ['pki', ...(stackFiles(observed, version).length > 0 ? ['manifests'] : [])]
  return {
    name: 'certs-init',
    image,
    ...container,
    // mounted files are links, so they are followed; forced: after a reboot of the node it runs again, over read-only files
    command: ['cp', '-RLf', ...folders.map(folder => `${k0sPaths.initial}/${folder}`), `${k0sPaths.data}/`],
    // as much as the container that follows, which costs nothing: where a quota counts resources each container needs them
    ...resourcesOf(observed.spec.resources, idle),
    securityContext: { ...confined, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      { name: 'initial', mountPath: k0sPaths.initial, readOnly: true },
      { name: observed.names.dataVolume, mountPath: k0sPaths.data },
      { name: 'pki', mountPath: k0sPaths.pki },
    ],
  }
}

function controller(observed: Observed, input: K0sConfigInput, image: string): Container {
  return {
    name: 'controller',
    image,
    ...container,
    command: ['k0s', 'controller', ...flagsOf(observed)],
    lifecycle: stop.lifecycle,
    ports: [
      { name: 'api', containerPort: containerPort(input.endpoint), protocol: 'TCP' },
      { name: 'konnectivity', containerPort: input.ports.konnectivity, protocol: 'TCP' },
    ],
    ...k0sProbes(isProbedOverHTTPS(observed, input.version)),
    ...resourcesOf(observed.spec.resources, idle),
    securityContext: { ...confined, capabilities: { drop: ['ALL'], add: ['SETGID'] } },
    volumeMounts: [
      { name: observed.names.dataVolume, mountPath: k0sPaths.data },
      { name: 'pki', mountPath: k0sPaths.pki },
      ...observed.datastore.mounts,
      { name: 'config', mountPath: k0sPaths.config, readOnly: true },
      { name: 'accounts', mountPath: '/etc/passwd', subPath: 'passwd', readOnly: true },
      { name: 'accounts', mountPath: '/etc/group', subPath: 'group', readOnly: true },
      { name: 'run', mountPath: k0sPaths.run },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  }
}

/** The user's flags first; a configuration file among them is the user's business. */
function flagsOf(observed: Observed): readonly string[] {
  const flags = userFlags(observed)
  return hasOwnConfig(flags) ? flags : [...flags, `--config=${k0sPaths.config}/k0s.yaml`]
}
