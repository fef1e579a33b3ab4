// Small workloads that run in the lab's busybox image — core

const image = 'localhost/lab-busybox:1'

/** As a careful user writes it: no root, nothing writable but /tmp, probes of both kinds. It answers with its own name. */
export const webDeployment = (name: string, replicas: number): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 1,
        securityContext: { runAsUser: 1000, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: name } },
          },
        ],
        containers: [
          {
            name: 'web',
            image,
            command: ['/bin/sh', '-c', 'hostname >/tmp/index.html; exec httpd -f -p 8080 -h /tmp'],
            readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
            livenessProbe: { exec: { command: ['/bin/true'] }, periodSeconds: 1 },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
          },
        ],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    },
  },
})

export const nodePortService = (name: string, nodePort: number): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type: 'NodePort', selector: { app: name }, ports: [{ port: 80, targetPort: 8080, nodePort }] },
})

/** One pod that shows who may write to its volume. */
export const volumeStatefulSet = (name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name },
  spec: {
    serviceName: name,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 1,
        securityContext: { runAsUser: 1000, runAsNonRoot: true, fsGroup: 2000 },
        containers: [
          {
            name: 'writer',
            image,
            command: ['/bin/sh', '-c', 'date >>/data/started && exec sleep 100000'],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  },
})
