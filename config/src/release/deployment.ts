// The Deployment of a manager — core
import { providerLabel } from '@k0smotron-ts/controlplane/rules'
import { memoryLimitMiB, nodeEnvironment, nodeFlags } from '../node-flags.ts'
import { providerNamespace } from '../rbac.ts'
import { deploymentName, type ManagerRelease, managerUser, programPath } from './managers.ts'

export interface DeploymentOptions {
  /** With its tag. */
  readonly image: string
  /** The value of --feature-gates; a variable of clusterctl where clusterctl reads the file. */
  readonly featureGates: string
}

export const ports = { health: 8081, metrics: 8080, webhooks: 9443 } as const

/** No other pod of the namespace has them: each Deployment and each Service finds its own. */
export function podLabels({ provider }: ManagerRelease): Readonly<Record<string, string>> {
  return { [providerLabel]: provider, 'control-plane': 'controller-manager' }
}

/** One replica as k0smotron has it; more of them take turns by the Lease. */
export function deploymentOf(manager: ManagerRelease, options: DeploymentOptions): object {
  const labels = podLabels(manager)
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: deploymentName(manager), namespace: providerNamespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      // the new pod is Ready before the old one goes
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels, annotations: { 'kubectl.kubernetes.io/default-container': 'manager' } },
        spec: podOf(manager, options),
      },
    },
  }
}

function podOf(manager: ManagerRelease, options: DeploymentOptions): object {
  const podAffinityTerm = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: podLabels(manager) },
  }
  return {
    serviceAccountName: manager.rights.name,
    terminationGracePeriodSeconds: 10,
    // clusters are repaired from nodes that take no other work too
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
    affinity: {
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] },
    },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: managerUser,
      runAsGroup: managerUser,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [containerOf(manager, options)],
  }
}

function containerOf(manager: ManagerRelease, { image, featureGates }: DeploymentOptions): object {
  return {
    name: 'manager',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', ...nodeFlags, programPath(manager)],
    args: [
      `--health-probe-bind-address=:${ports.health}`,
      `--diagnostics-address=:${ports.metrics}`,
      `--webhook-port=${ports.webhooks}`,
      '--leader-elect',
      `--enable-controller=${manager.name}`,
      `--feature-gates=${featureGates}`,
    ],
    env: [
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      ...Object.entries(nodeEnvironment).map(([name, value]) => ({ name, value })),
    ],
    ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort, protocol: 'TCP' })),
    // a busy node answers late, and a manager that is started again makes it busier
    livenessProbe: { ...probeOf('/healthz'), initialDelaySeconds: 15, periodSeconds: 20 },
    readinessProbe: { ...probeOf('/readyz'), periodSeconds: 5 },
    // no limit of CPU: a manager that is throttled loses its Lease
    resources: {
      requests: { cpu: '50m', memory: '128Mi' },
      limits: { memory: `${memoryLimitMiB}Mi` },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    terminationMessagePolicy: 'FallbackToLogsOnError',
  }
}

const probeOf = (path: string): object => ({ httpGet: { path, port: 'health' }, timeoutSeconds: 10 })
