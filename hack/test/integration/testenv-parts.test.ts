// The parts of the embedded management cluster work together — shell
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  apply,
  countBy,
  isEvent,
  isLeaseRenewal,
  isWrite,
  kubectl,
  kubectlWith,
  startTestEnv,
  type TestEnv,
} from '../../testenv/index.ts'

let env: TestEnv

beforeAll(async () => {
  env = await startTestEnv({ controllerManager: true, scheduler: true, kwok: true, clusterApi: true, audit: true })
})

afterAll(() => env.stop())

const given = async (object: object): Promise<string> => apply(await kubectlWith(env.kubeconfig), object)

const patience = '--timeout=180s'

test('Cluster API core admits, defaults and reconciles', async () => {
  await given(machineDeployment)
  await given({
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name: 'c1', namespace: 'default' },
    spec: {
      controlPlaneRef: { apiGroup: 'controlplane.cluster.x-k8s.io', kind: 'K0smotronControlPlane', name: 'c1' },
      clusterNetwork: { pods: { cidrBlocks: ['10.244.0.0/16'] } },
    },
  })

  const finalizer = '--for=jsonpath={.metadata.finalizers[0]}=cluster.cluster.x-k8s.io'
  await kubectl(env.kubeconfig, ['wait', 'cluster/c1', finalizer, patience])
  // Its webhook defaults this; without it the deployment never proceeds.
  const strategy = 'jsonpath={.spec.rollout.strategy.type}'
  expect(await kubectl(env.kubeconfig, ['get', 'machinedeployment', 'c1', '-o', strategy])).toBe('RollingUpdate')
})

const machineDeployment = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'MachineDeployment',
  metadata: { name: 'c1', namespace: 'default' },
  spec: {
    clusterName: 'c1',
    template: {
      spec: {
        clusterName: 'c1',
        bootstrap: {
          configRef: { apiGroup: 'bootstrap.cluster.x-k8s.io', kind: 'K0sWorkerConfigTemplate', name: 'c1' },
        },
        infrastructureRef: { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LabMachineTemplate', name: 'c1' },
      },
    },
  },
}

test('its webhooks are asked: one refuses, one converts', async () => {
  const empty = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name: 'c2', namespace: 'default' },
  }
  await expect(given({ ...empty, spec: { clusterNetwork: { serviceDomain: 'cluster.local' } } })).rejects.toThrow(
    'one of spec.controlPlaneRef, spec.infrastructureRef or spec.topology must be set',
  )

  await given({
    apiVersion: 'addons.cluster.x-k8s.io/v1beta2',
    kind: 'ClusterResourceSet',
    metadata: { name: 'r1', namespace: 'default' },
    spec: { clusterSelector: { matchLabels: { any: 'one' } }, resources: [{ kind: 'ConfigMap', name: 'any' }] },
  })
  const old = ['get', 'clusterresourcesets.v1beta1.addons.cluster.x-k8s.io', 'r1', '-o', 'jsonpath={.apiVersion}']
  expect(await kubectl(env.kubeconfig, old)).toBe('addons.cluster.x-k8s.io/v1beta1')
})

test("kwok makes a StatefulSet's pods ready, its claims bound", async () => {
  await env.addNode('node-1')
  await given(statefulSet)

  await kubectl(env.kubeconfig, ['wait', 'statefulset/s1', '--for=jsonpath={.status.readyReplicas}=2', patience])
  const phases = await kubectl(env.kubeconfig, ['get', 'pvc', '-o', 'jsonpath={.items[*].status.phase}'])
  expect(phases).toBe('Bound Bound')
})

const statefulSet = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 's1', namespace: 'default' },
  spec: {
    replicas: 2,
    podManagementPolicy: 'Parallel',
    serviceName: 's1',
    selector: { matchLabels: { app: 's1' } },
    template: {
      metadata: { labels: { app: 's1' } },
      spec: { containers: [{ name: 'main', image: 'example.invalid/none:1' }] },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'state' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  },
}

test('a node that kwok was not asked to play is left alone', async () => {
  await given({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'foreign' } })
  await env.addNode('node-2')
  await kubectl(env.kubeconfig, ['wait', 'node/node-2', '--for=condition=Ready', patience])

  const ready = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'
  expect(await kubectl(env.kubeconfig, ['get', 'node', 'foreign', '-o', ready])).not.toBe('True')
})

test('a ServiceAccount has a real token and only the permissions it was given', async () => {
  await kubectl(env.kubeconfig, ['create', 'serviceaccount', 'reader'])
  await kubectl(env.kubeconfig, ['create', 'role', 'reader', '--verb=get,list', '--resource=configmaps'])
  await kubectl(env.kubeconfig, ['create', 'rolebinding', 'reader', '--role=reader', '--serviceaccount=default:reader'])
  const kubeconfig = await env.kubeconfigFor({ serviceAccount: { namespace: 'default', name: 'reader' } })
  // the authorizer learns of a binding a moment after it is stored; the answer no is an exit code
  const mayList = () => kubectl(kubeconfig, ['auth', 'can-i', 'list', 'configmaps']).catch(String)
  await expect.poll(mayList).toBe('yes')

  expect(await kubectl(kubeconfig, ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'])).toBe(
    'system:serviceaccount:default:reader',
  )
  expect(await kubectl(kubeconfig, ['get', 'configmaps', '-o', 'name'])).toContain('configmap/')
  await expect(kubectl(kubeconfig, ['get', 'secrets'])).rejects.toThrow('forbidden')
})

test('the audit log counts requests by who made them', async () => {
  const kubeconfig = await env.kubeconfigFor({ user: 'jane', groups: ['system:masters'] })
  await kubectl(kubeconfig, ['create', 'configmap', 'before'])
  const mark = await env.auditLog.mark()

  await kubectl(kubeconfig, ['create', 'configmap', 'after'])
  await kubectl(kubeconfig, ['get', 'configmap', 'after'])

  const entries = await env.auditLog.since(mark)
  const janes = entries.filter(({ user, resource }) => user === 'jane' && resource !== '')
  expect(countBy(janes, ['verb', 'resource'])).toEqual({ 'create configmaps': 1, 'get configmaps': 1 })
  expect(janes.filter(isWrite).map(({ namespace, name, status }) => [namespace, name, status])).toEqual([
    ['default', 'after', 201],
  ])
  expect(janes.some(entry => isEvent(entry) || isLeaseRenewal(entry))).toBe(false)
})
