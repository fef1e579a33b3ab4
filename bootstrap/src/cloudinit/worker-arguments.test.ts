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
  ['nothing is expanded', {}, ["--profile='$HOME'"], ['--profile=$HOME']],
  [
    'what the machine fills in stays until then',
    {},
    ['--kubelet-extra-args=--provider-id=rack://row1/%{hostname}'],
    ['--kubelet-extra-args=--provider-id=rack://row1/%{hostname}'],
  ],
  [
    'kubelet arguments after another flag in one entry',
    machine,
    ['--debug --kubelet-extra-args="--max-pods=50"'],
    [label, '--debug', '--kubelet-extra-args=--hostname-override=m1 --max-pods=50'],
  ],
  ['an entry that is quoted as a whole', {}, ['"--kubelet-extra-args=--v=2"'], ['--kubelet-extra-args=--v=2']],
  [
    'another flag after quoted kubelet arguments',
    {},
    ['--kubelet-extra-args="--max-pods=50 --v=2" --debug'],
    ['--debug', '--kubelet-extra-args=--max-pods=50 --v=2'],
  ],
  ['the flag at the very end', {}, ['--kubelet-extra-args'], []],
  ['nothing', {}, ['', '  '], []],
])('%s', (_, identity, args, words) => {
  expect(workerArguments(identity, args)).toMatchObject({ words })
})

test.each([
  ['a command', '--kubelet-extra-args=--provider-id=rack://row1/$(hostname)'],
  ['a command between single quotes', "--kubelet-extra-args='--provider-id=rack://row1/$(hostname)'"],
  ['a template', '--kubelet-extra-args=--provider-id=cloud://{{ v1.instance_id }}'],
  ['a template in quotes', `--kubelet-extra-args="--provider-id=cloud://{{ v1.instance_id }}"`],
  ['a placeholder that there is not', '--labels=a=%{fqdn}'],
  ['a placeholder that does not end', '--labels=a=%{hostname'],
])('%s is refused, and what to write is named', (_, arg) => {
  const message = expect.stringContaining('%{hostname} or %{instance-id}')
  expect(workerArguments({}, ['--debug', arg])).toEqual({ fault: { index: 1, message } })
})

test.each([
  ['an open quote', ['--debug', '--labels="a=b'], 1],
  ['an open quote among kubelet arguments', ['--kubelet-extra-args="--v=2'], 0],
  ['a NUL character', ['a\0b'], 0],
  ['what a shell would expand', ['--debug', '--kubelet-extra-args="--node-ip=$(hostname -I)"'], 1],
  ['a kubelet argument with a blank', [`--kubelet-extra-args="--node-labels='a=b c'"`], 0],
])('%s is a fault of that entry', (_, args, index) => {
  expect(workerArguments({}, args)).toMatchObject({ fault: { index } })
})
