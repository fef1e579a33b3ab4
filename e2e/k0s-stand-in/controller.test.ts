// The k0s stand-in as a process: real kube-apiserver, etcd and kine — shell
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { address, type Chamber, openChamber, until } from './test/chamber.ts'
import * as lab from './test/control-plane.ts'

const current = 'v1.36.3+k0s.1'
const previous = 'v1.36.3+k0s.0'

describe.skipIf(process.getuid?.() !== 0)('k0s controller', { timeout: 180_000 }, () => {
  let programs: lab.Programs
  let chamber: Chamber
  beforeAll(async () => {
    programs = await lab.programs([current, previous])
  }, 900_000)
  beforeEach(async () => {
    chamber = await openChamber()
  })
  afterEach(() => chamber.close())

  const order = (
    spec: Record<string, unknown>,
    flags: readonly string[] = [],
    version = current,
  ): lab.ControlPlaneOrder => ({
    k0s: programs.k0s(version),
    kubectl: programs.kubectl,
    spec,
    flags,
  })
  const initialize = async (): Promise<void> => {
    await lab.writeConfig(chamber, { ...lab.baseSpec, storage: { type: 'kine' } })
    await chamber.run(programs.k0s(current), lab.argumentsOf(chamber, ['--init-only']))
  }

  test('serves on an external etcd, tells workers their configuration, and keeps only its CA over a restart', async () => {
    await initialize()
    const authentication = await lab.writeAuthenticationConfig(chamber)
    const storage = await lab.startEtcd(chamber, programs.etcd)
    const api = { ...lab.baseSpec.api, extraArgs: { 'authentication-config': authentication } }
    const spec = { ...lab.baseSpec, api, storage }
    const ca = await lab.readPki(chamber, 'ca.crt')
    const started = Date.now()
    const first = await lab.startControlPlane(chamber, order(spec, ['--enable-dynamic-config']))
    const took = await lab.ready(first, started)

    expect(await first.anonymous('/readyz')).toBe(200)
    expect(await first.anonymous('/livez?exclude=etcd')).toBe(200)
    expect(await first.anonymous('/version')).toBe(401)
    const bindings = await until(() =>
      first
        .kubectl('get', 'clusterrolebindings', '--output=name')
        .then(text => (text.includes('rotation') ? text : undefined)),
    )
    expect(bindings).toContain('/kubelet-bootstrap\n')
    expect(bindings).toContain('/node-autoapprove-bootstrap\n')
    const lease = await until(() => first.kubectl('get', 'leases', '--namespace=kube-node-lease', '--output=name'))
    expect(lease).toContain('/k0s-ctrl-')
    const tcp = ['--insecure', '--silent', '--output', '/dev/null', '--write-out', '%{http_code}']
    expect(await chamber.run('curl', [...tcp, 'https://127.0.0.1:9443/v1beta1/ca'])).toBe('401')
    expect(await chamber.run('curl', ['--silent', 'http://127.0.0.1:8092/healthz'])).toBe('ok')

    // A cluster that changes ClusterConfig kube-system/k0s changes its controller manager.
    await until(() => first.kubectl('get', 'clusterconfigs.k0s.k0sproject.io', 'k0s', '--namespace=kube-system'))
    const patch = { spec: { controllerManager: { extraArgs: { 'node-monitor-grace-period': '41s' } } } }
    await first.kubectl(
      'patch',
      'clusterconfigs.k0s.k0sproject.io',
      'k0s',
      '--namespace=kube-system',
      '--type=merge',
      `--patch=${JSON.stringify(patch)}`,
    )
    await until(() => chamber.run('pgrep', ['-f', 'kube-controller-manager .*node-monitor-grace-period=41s']))

    // As with k0s, this takes about ten seconds.
    const configMap = await until(() =>
      first.kubectl('get', 'configmap', 'worker-config-default-1.36', '--namespace=kube-system', '--output=json'),
    )
    const { data } = JSON.parse(configMap) as { readonly data: Record<string, string> }
    expect(data.apiServerAddresses).toBe(JSON.stringify([`${address}:31443`]))
    expect(Object.keys(data).toSorted()).toEqual(
      [
        'apiServerAddresses',
        'kubeletConfiguration',
        'konnectivity',
        'nodeLocalLoadBalancing',
        'pauseImage',
        'primaryAddressFamily',
      ].toSorted(),
    )

    const server = await lab.readPki(chamber, 'server.crt')
    const stopping = Date.now()
    expect(await first.stop()).toBe(0)
    const stopped = Date.now() - stopping
    const restarted = Date.now()
    const second = await lab.startControlPlane(chamber, order(spec))
    const again = await lab.ready(second, restarted)
    expect(await lab.readPki(chamber, 'ca.crt')).toBe(ca)
    expect(await lab.readPki(chamber, 'server.crt')).not.toBe(server)
    console.log(`k0s stand-in on etcd: /readyz after ${took}, TERM ${stopped} ms, restart ${again}`)
    expect(await second.stop()).toBe(0)
  })

  test('serves on kine with sqlite, refuses anonymous requests, and follows its manifests', async () => {
    const { externalAddress: _, ...api } = lab.baseSpec.api
    const started = Date.now()
    const plane = await lab.startControlPlane(chamber, order({ ...lab.baseSpec, api, storage: { type: 'kine' } }))
    const took = await lab.ready(plane, started)
    expect(await plane.anonymous('/readyz')).toBe(401)

    const stack = join(chamber.folder, 'data/manifests/mine')
    await mkdir(stack, { recursive: true })
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' }, data: { a: 'b' } }
    await writeFile(join(stack, 'mine.yaml'), JSON.stringify(manifest))
    await until(() => plane.kubectl('get', 'configmap', 'mine'))
    await rm(stack, { recursive: true })
    const left = await until(async () =>
      (await plane.kubectl('get', 'configmaps', '--output=name')).includes('/mine') ? undefined : 'gone',
    )
    expect(left).toBe('gone')

    const status = JSON.parse(await chamber.run(programs.k0s(current), ['status', '--out=json'])) as {
      readonly Version: string
    }
    expect(status.Version).toBe(current)
    const stopping = Date.now()
    expect(await plane.stop()).toBe(0)
    console.log(`k0s stand-in on sqlite: /readyz after ${took}, TERM ${Date.now() - stopping} ms`)
  })

  test('keeps its add-ons where a stack has a file that cannot be applied, and prunes those of empty folders', async () => {
    const manifests = join(chamber.folder, 'data/manifests')
    const start = (): Promise<lab.ControlPlane> =>
      lab.startControlPlane(chamber, order({ ...lab.baseSpec, storage: { type: 'kine' } }))
    const inSystem = (plane: lab.ControlPlane, ...args: string[]): Promise<string> =>
      plane.kubectl(...args, '--namespace=kube-system')
    const uidOf = (plane: lab.ControlPlane): Promise<string> =>
      inSystem(plane, 'get', 'configmap', 'kube-router', '--output=jsonpath={.metadata.uid}')
    const layBait = async (plane: lab.ControlPlane): Promise<void> => {
      await inSystem(plane, 'create', 'configmap', 'bait')
      await inSystem(plane, 'label', 'configmap', 'bait', 'k0s.k0sproject.io/stack=kuberouter')
    }
    const isTaken = async (plane: lab.ControlPlane): Promise<true | undefined> =>
      (await inSystem(plane, 'get', 'configmaps', '--output=name')).includes('/bait') ? undefined : true

    const first = await start()
    const uid = await until(() => uidOf(first))
    await layBait(first)
    expect(await first.stop()).toBe(0)

    await rm(manifests, { recursive: true })
    await mkdir(join(manifests, 'kuberouter'), { recursive: true })
    await writeFile(join(manifests, 'kuberouter/kube-router.yaml'), 'placeholder: without a kind\n')
    const second = await start()
    await until(() => isTaken(second))
    expect(await uidOf(second)).toBe(uid)
    expect(await second.stop()).toBe(0)

    await rm(manifests, { recursive: true })
    const third = await start()
    await until(async () =>
      (await inSystem(third, 'get', 'configmaps', '--output=yaml')).includes(uid) ? undefined : true,
    )
    expect(await third.stop()).toBe(0)
  })

  test('replaces a CA whose key is missing without a word', async () => {
    await initialize()
    const ca = await lab.readPki(chamber, 'ca.crt')
    await rm(join(lab.pkiOf(chamber), 'ca.key'))
    await initialize()
    expect(await lab.readPki(chamber, 'ca.crt')).not.toBe(ca)
  })

  test('passes --anonymous-auth beside an AuthenticationConfiguration in a release that does, so nothing serves', async () => {
    const authentication = await lab.writeAuthenticationConfig(chamber)
    const api = { ...lab.baseSpec.api, extraArgs: { 'authentication-config': authentication } }
    const plane = await lab.startControlPlane(
      chamber,
      order({ ...lab.baseSpec, api, storage: { type: 'kine' } }, [], previous),
    )
    const refused = /component=kube-apiserver .*--anonymous-auth flag cannot be set when anonymous field is configured/
    await until(async () => refused.exec(await plane.log())?.[0])
    expect(await plane.anonymous('/readyz').catch(() => 'nobody listens')).toBe('nobody listens')
    expect(await plane.stop()).toBe(0)
  })

  test('needs CAP_SETGID even for its own user', async () => {
    await initialize()
    const k0s = programs.k0s(current)
    const without = (capabilities: string): Promise<string> =>
      chamber.run('setpriv', [
        `--bounding-set=${capabilities}`,
        '--inh-caps=-all',
        '--',
        k0s,
        ...lab.argumentsOf(chamber),
      ])
    await expect(without('-all')).rejects.toThrow(/fork\/exec .*: operation not permitted/)
  })

  test('refuses configuration that k0s refuses', async () => {
    const config = join(chamber.folder, 'bad.yaml')
    await writeFile(config, 'spec: {api: {extraArgs: {profiling: false}}}')
    await expect(chamber.run(programs.k0s(current), ['controller', `--config=${config}`])).rejects.toThrow(
      'spec.api.extraArgs of type string',
    )
  })
})
