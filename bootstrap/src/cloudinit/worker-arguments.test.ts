// The flags of k0s worker — core
import { expect, test } from 'vitest'
import { type NodeIdentity, workerArguments } from './worker-arguments.ts'

const label = '--labels=k0smotron.io/machine-name=m1'
const machine: NodeIdentity = { machineName: 'm1', nodeName: 'm1' }
const ownHostname: NodeIdentity = { machineName: 'm1' }

test.each<[string, NodeIdentity, readonly string[], readonly string[]]>([
  ['defaults', machine, [], [label, '--kubelet-extra-args=--hostname-override=m1']],
  ['the system names the node', ownHostname, [], [label]],
  ['a pool has neither label nor name', {}, [], []],
  ['labels add to ours', ownHostname, ['--debug', '--labels=a/b=c'], [label, '--debug', '--labels=a/b=c']],
  [
    'a user can overrule the name, for the last one counts',
    machine,
    ['--kubelet-extra-args=--hostname-override=other', '--debug'],
    [label, '--debug', '--kubelet-extra-args=--hostname-override=m1 --hostname-override=other'],
  ],
  [
    'kubelet arguments after an equals sign, quoted or not',
    {},
    ['--kubelet-extra-args="--node-ip=1.2.3.4 --max-pods=9"', '--kubelet-extra-args=--v=2 --x=y'],
    ['--kubelet-extra-args=--node-ip=1.2.3.4 --max-pods=9 --v=2 --x=y'],
  ],
  [
    'kubelet arguments after a blank keep what is before their own equals sign',
    {},
    ['--kubelet-extra-args --node-ip=1.2.3.4'],
    ['--kubelet-extra-args=--node-ip=1.2.3.4'],
  ],
  [
    'kubelet arguments in the next entry',
    {},
    ['--kubelet-extra-args', '--node-ip=1.2.3.4', '--debug'],
    ['--debug', '--kubelet-extra-args=--node-ip=1.2.3.4'],
  ],
  ['another flag with that beginning', {}, ['--kubelet-extra-args-file=x'], ['--kubelet-extra-args-file=x']],
  ['flag and value in one entry', {}, ['--taints a=b:NoSchedule'], ['--taints', 'a=b:NoSchedule']],
  ['nothing is expanded', {}, ['--profile=$(reboot)'], ['--profile=$(reboot)']],
])('%s', (_, identity, args, words) => {
  expect(workerArguments(identity, args)).toEqual({ words })
})

test.each([
  ['an open quote', ['--debug', '--labels="a=b'], 1],
  ['an open quote among kubelet arguments', ['--kubelet-extra-args="--v=2'], 0],
  ['a NUL character', ['a\0b'], 0],
])('%s is a problem of that entry', (_, args, index) => {
  expect(workerArguments({}, args)).toMatchObject({ problem: { index } })
})
