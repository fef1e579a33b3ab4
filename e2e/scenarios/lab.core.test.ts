// The lab itself: nodes run pods, machines run cloud-init, and nothing is left behind — shell

import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, labUnavailable, startLab, writeImage } from '@k0smotron-ts/hack/lab'
import { apply, type Kubectl, kubectlWith } from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownLab } from './support/own-lab.ts'
import { left, type Traces, tracesOf } from './support/traces.ts'
import { nodePortService, volumeStatefulSet, webDeployment } from './support/workloads.ts'

const unavailable = labUnavailable()
/** The golden documents of the bootstrap provider, one for each situation a user can be in. */
const rendered = join(import.meta.dirname, '..', '..', 'bootstrap/src/cloudinit/__golden__')
const name = ownLab('scenario')
const seen = (): Promise<Traces> => tracesOf({ name, pids: [process.pid] })

describe.skipIf(unavailable)(unavailable ?? 'a lab with two nodes', () => {
  let before: Traces
  let scratch: string
  let lab: Lab
  let kubectl: Kubectl

  beforeAll(async () => {
    before = await seen()
    scratch = await mkdtemp(join(tmpdir(), 'scenario-'))
    lab = await startLab({ name, nodes: 2, clusterApi: false })
    kubectl = await kubectlWith(lab.env.kubeconfig)
    await apply(kubectl, webDeployment('web', 2), nodePortService('web', 30080))
    await kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s'])
  })

  afterAll(async () => {
    await lab.stop()
    await rm(scratch, { recursive: true })
    expect(left(before, await seen())).toEqual([])
  })

  const fetchText = async (url: string): Promise<string> => {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    return (await response.text()).trim()
  }
  const read = (what: string, path: string): Promise<string> =>
    kubectl(['get', ...what.split(' '), '-o', `jsonpath={${path}}`])
  const inPod = (...command: string[]): Promise<string> => kubectl(['exec', 'deployment/web', '--', ...command])

  test('can be seen in all its parts, else nobody could tell that they are gone', async () => {
    const { own } = await seen()
    const { device } = lab.network.uplink
    const programs = ['etcd ', 'kube-apiserver ', 'coredns ', '/lib/systemd/systemd', 'containerd ', 'kubelet ']
    const folders = [lab.env.dir, lab.directory, `/run/netns/k0smotron-ts.${name}.node-2`, `k0smotron-ts/${name}`]
    for (const part of [...programs, ...folders, `${device}@`, `dev ${device}`])
      expect(own).toContainEqual(expect.stringContaining(part))
  })

  test('the host gives all that runs in it as many inotify instances as it asks for', async () => {
    const given = await readFile('/proc/sys/fs/inotify/max_user_instances', 'utf8')
    expect(Number(given)).toBeGreaterThanOrEqual(8192)
  })

  test('a Deployment with probes runs on both nodes and answers on every address it has', async () => {
    const names = (await read('pods', '.items[*].metadata.name')).split(' ')
    const nodes = (await read('pods', '.items[*].spec.nodeName')).split(' ')
    expect(nodes.toSorted()).toEqual(lab.nodes.map(node => node.name))
    const urls = [
      ...(await read('pods', '.items[*].status.podIP')).split(' ').map(address => `http://${address}:8080`),
      `http://${await read('service/web', '.spec.clusterIP')}`,
      ...lab.nodes.map(node => `http://${node.address}:30080`),
    ]
    for (const url of urls) await expect.poll(() => fetchText(url).catch(String)).toBeOneOf(names)
  })

  test('a pod finds Services by name, and nothing outside the lab by name or address', async () => {
    const address = await read('service/web', '.spec.clusterIP')
    expect(await inPod('nslookup', 'web.default.svc.cluster.local')).toContain(address)
    await expect(inPod('nslookup', 'example.com')).rejects.toThrow("can't find example.com: NXDOMAIN")
    const dial = (target: string): Promise<string> => inPod('nc', '-w', '5', target, '443')
    await expect(dial('192.0.2.1')).rejects.toThrow('Network is unreachable')
    await expect(dial('169.254.169.254')).rejects.toThrow('No route to host')
    await expect(dial(lab.network.uplink.host)).rejects.toThrow('refused')
  })

  test('a claim gets a volume that fsGroup applies to, and the volume goes with the claim', async () => {
    await apply(kubectl, volumeStatefulSet('writer'))
    await kubectl(['rollout', 'status', 'statefulset/writer', '--timeout=60s'])
    expect(await kubectl(['exec', 'writer-0', '--', 'stat', '-c', '%g %a', '/data'])).toBe('2000 2775')
    const node = await read('pod/writer-0', '.spec.nodeName')
    const folder = join(lab.directory, 'machines', node, 'disk/lab-volumes')
    expect(await readdir(folder)).toEqual([await read('pvc/data-writer-0', '.spec.volumeName')])
    await kubectl(['delete', 'statefulset/writer', 'pvc/data-writer-0', '--wait'])
    await expect.poll(() => read('pv', '.items[*].metadata.name')).toBe('')
    expect(await readdir(folder)).toEqual([])
  })

  test('a machine runs its user data, and its cloud-init takes every document that we render', async () => {
    const file = join(scratch, 'served.txt')
    await writeFile(file, 'served by the lab')
    const pod = `http://${lab.nodes[1]?.address}:30080`
    const userData = `#cloud-config
write_files:
- {path: /etc/given, content: written, permissions: '0640'}
runcmd:
- [sh, -c, 'curl -sf ${await lab.serve(file)} >/root/fetched']
- [sh, -c, 'curl -sf ${pod} >/root/pod']
- [sh, -c, 'cat /opt/scratch/served.txt >/root/mounted']
`
    const readOnly = { '/opt/scratch': scratch, '/opt/rendered': rendered }
    const machine = await lab.machines.start({ name: 'good', userData, readOnly })
    expect((await machine.result()).errors).toEqual([])
    expect(await machine.userDataSha256()).toBe(createHash('sha256').update(userData).digest('hex'))
    expect(await machine.exec(['cat', '/etc/given', '/root/fetched', '/root/mounted'])).toBe(
      'writtenserved by the labserved by the lab',
    )
    expect(await machine.exec(['cat', '/root/pod'])).toMatch(/^web-/)
    for (const document of await readdir(rendered)) {
      const verdict = await machine.exec(['cloud-init', 'schema', '--config-file', `/opt/rendered/${document}`])
      expect(verdict, document).toContain('Valid cloud-config')
    }
    await machine.stop()
    expect(lab.machines.get('good')).toBeUndefined()
    expect(await readdir(join(lab.directory, 'machines'))).not.toContain('good')
  })

  test('a pod reaches a port of a machine', async () => {
    const userData = '#cloud-config\nruncmd:\n- [systemd-run, python3, -m, http.server, "7000", -d, /etc/apt]\n'
    const machine = await lab.machines.start({ name: 'listener', userData })
    expect((await machine.result()).errors).toEqual([])
    const request = `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 ${machine.address} 7000`
    const answer = (): Promise<string> => inPod('sh', '-c', request).catch(String)
    await expect.poll(answer).toContain('Directory listing')
    await machine.stop()
  })

  test('a command that fails is in the result, and in the journal', async () => {
    const userData = '#cloud-config\nruncmd:\n- set -e\n- echo before the failure\n- "false"\n- touch /root/after\n'
    const machine = await lab.machines.start({ name: 'bad', userData })
    expect((await machine.result()).errors).toEqual([expect.stringContaining('1 failures (runcmd)')])
    await expect(machine.exec(['cat', '/root/after'])).rejects.toThrow('No such file')
    expect(await machine.journal()).toContain('before the failure')
    await machine.stop()
  })

  test('a power cut ends a machine in the middle of its work; its disk boots again', async () => {
    const userData = '#cloud-config\nbootcmd:\n- [sh, -c, "date >>/root/boots; [ -e /root/go ] || sleep 1000"]\n'
    const machine = await lab.machines.start({ name: 'cut', userData })
    const boots = async (): Promise<number> => {
      const text = await machine.exec(['cat', '/root/boots']).catch(() => '')
      return text.split('\n').filter(line => line !== '').length
    }
    await expect.poll(boots).toBe(1)
    await machine.exec(['touch', '/root/go'])
    const result = machine.result()
    await Promise.all([expect(result).rejects.toThrow('cut is switched off'), machine.kill()])
    await expect(machine.exec(['true'])).rejects.toThrow('cut is switched off')
    expect(await machine.journal()).toContain("running 'init-local'")
    await machine.powerOn()
    expect((await machine.result()).errors).toEqual([])
    expect(await boots()).toBe(2)
    await machine.stop()
  })

  test('a machine that cannot be switched on leaves nothing, and may be tried again', async () => {
    const order = { name: 'second-try', userData: '#cloud-config\n' }
    await expect(lab.machines.start({ ...order, memory: 'all of it' })).rejects.toThrow('EINVAL')
    expect(lab.machines.list()).toEqual([])
    expect((await seen()).own.filter(line => line.includes(order.name))).toEqual([])
    expect(await readdir(join(lab.directory, 'machines'))).not.toContain(order.name)
    const machine = await lab.machines.start(order)
    expect((await machine.result()).errors).toEqual([])
    await machine.stop()
  })

  test('a machine that reboots is the same machine again', async () => {
    const machine = await lab.machines.start({
      name: 'again',
      userData: '#cloud-config\nruncmd:\n- echo ran >>/root/ran\n',
    })
    expect((await machine.result()).errors).toEqual([])
    const bootId = (): Promise<string> => machine.exec(['cat', '/proc/sys/kernel/random/boot_id']).catch(String)
    const first = await bootId()
    await machine.exec(['systemctl', 'reboot', '--no-block'])
    await expect.poll(bootId).not.toBe(first)
    expect((await machine.result()).errors).toEqual([])
    expect(await machine.exec(['cat', '/root/ran'])).toBe('ran\n')
    await machine.stop()
  })

  test('an image that is imported while the lab runs is on every node', async () => {
    const busybox = join(scratch, 'busybox')
    const encoded = await lab.nodes[0]?.exec(['base64', '/bin/busybox'])
    await writeFile(busybox, Buffer.from(encoded ?? '', 'base64'))
    const archive = join(scratch, 'later.tar')
    await writeImage(
      {
        reference: 'localhost/later:1',
        entries: [{ path: 'busybox', mode: 0o755, kind: 'file', source: busybox }],
        config: { Entrypoint: ['/busybox', 'echo', 'it runs'] },
      },
      archive,
    )
    await lab.importImage(archive)
    for (const { name: nodeName } of lab.nodes) {
      const spec = { nodeName, restartPolicy: 'Never', containers: [{ name: 'c', image: 'localhost/later:1' }] }
      await apply(kubectl, { apiVersion: 'v1', kind: 'Pod', metadata: { name: nodeName }, spec })
      await kubectl(['wait', '--for=jsonpath={.status.phase}=Succeeded', `pod/${nodeName}`, '--timeout=60s'])
      expect(await kubectl(['logs', nodeName])).toBe('it runs')
    }
  })

  test('a node comes back from a power cut, and its pods with it', async () => {
    const [, node] = lab.nodes
    if (!node) throw new Error('There is no second node')
    await node.kill()
    await node.powerOn()
    const restarts = (): Promise<string> =>
      read(
        `pods --selector=app=web --field-selector=spec.nodeName=${node.name}`,
        '.items[*].status.containerStatuses[*].restartCount',
      )
    await expect.poll(restarts).toBe('1')
    await kubectl(['wait', '--for=condition=Ready', 'pod', '-l', 'app=web', '--timeout=60s'])
  })

  test('a second lab runs beside it, and a second one of its name is refused', async () => {
    await expect(startLab({ name })).rejects.toThrow(`Lab ${name} is running, of process ${process.pid}`)
    await using second = await startLab({ name: ownLab('second'), clusterApi: false })
    expect(second.network.cidr).not.toBe(lab.network.cidr)
    expect(second.nodes.map(node => node.name)).toEqual(['node-1'])
    await Promise.all(
      [second, lab].map(async ({ env }) => {
        const ready = await (await kubectlWith(env.kubeconfig))(['get', '--raw=/readyz'])
        expect(ready).toBe('ok')
      }),
    )
  })
})
