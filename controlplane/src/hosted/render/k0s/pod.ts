// The pod that runs a k0s control plane — core
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
import { containerPort, type K0sConfigInput } from './cluster-config.ts'
import type { K0sConfig } from './config.ts'
import { hasOwnConfig, userFlags } from './flags.ts'
import { k0sPaths } from './paths.ts'
import { k0sProbes } from './probes.ts'
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

interface Contents {
  readonly config: K0sConfig
  /** The reference of the image. */
  readonly image: string
}

/**
 * k0s must be uid 0 and set the group of its children; it gets that one capability and nothing else, which Pod Security
 * `baseline` accepts. Commands are argument vectors: no shell reads anything of the user's.
 */
export function k0sPodSpec(observed: Observed, input: K0sConfigInput, { config, image }: Contents): PodSpec {
  // the same for both containers, which costs nothing: where a quota counts resources each container needs them
  const common = { image, ...resourcesOf(observed.spec.resources, idle) }
  return {
    ...accountOf(observed),
    ...placementOf(observed, 'cluster'),
    terminationGracePeriodSeconds: stop.terminationGracePeriodSeconds,
    securityContext: { runAsUser: 0, runAsGroup: 0 },
    initContainers: [copyInitialFiles(observed, config, common)],
    containers: [controller(observed, input, common)],
    volumes: k0sVolumes(observed, config),
  }
}

type Common = Pick<Container, 'resources'> & { readonly image: string }

/** The authorities, which k0s writes beside and whose modes it changes, and the placeholders of its stacks. */
function copyInitialFiles(observed: Observed, { placeholders }: K0sConfig, { image, ...resources }: Common): Container {
  const folders = ['pki', ...(placeholders.length > 0 ? ['manifests'] : [])]
  return {
    name: 'certs-init',
    image,
    ...container,
    // mounted files are links, so they are followed; forced: after a reboot of the node it runs again, over read-only files
    command: ['cp', '-RLf', ...folders.map(folder => `${k0sPaths.initial}/${folder}`), `${k0sPaths.data}/`],
    ...resources,
    securityContext: { ...confined, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      { name: 'initial', mountPath: k0sPaths.initial, readOnly: true },
      { name: observed.names.dataVolume, mountPath: k0sPaths.data },
      { name: 'pki', mountPath: k0sPaths.pki },
    ],
  }
}

function controller(observed: Observed, input: K0sConfigInput, { image, ...resources }: Common): Container {
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
    ...k0sProbes(input.isProbedOverHTTPS),
    ...resources,
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
