// Only what a layer needs is built — core
import { expect, test } from 'vitest'
import { toolOf } from './catalogue.ts'
import { selectionFor, wrongLayers } from './selection.ts'

const onlyLab = ['kine', 'kubelet', 'kube-proxy', 'coredns']

test.each<[string, readonly string[], boolean, readonly string[], readonly string[]]>([
  ['pure code', ['unit'], true, [], ['etcd', 'kubectl', ...onlyLab]],
  ['integration', ['unit', 'integration'], true, ['kube-apiserver', 'kwok'], onlyLab],
  ['all of them', ['unit', 'integration', 'lab-core'], true, ['kwok', ...onlyLab], []],
  ['all of them without a lab', ['unit', 'integration', 'lab-core'], false, ['kwok'], onlyLab],
  ['the lab', ['lab'], true, onlyLab, ['kwok', 'kwok-stages.yaml']],
])('%s', (_, layers, canHaveLab, needed, notNeeded) => {
  const selected = selectionFor(layers, canHaveLab)
  expect(selected).toEqual(expect.arrayContaining([...needed]))
  expect(selected.filter(name => notNeeded.includes(name))).toEqual([])
  expect(new Set(selected).size).toBe(selected.length)
})

test('some tool makes each, and nobody builds what no test asks for', () => {
  const everything = selectionFor(['integration', 'lab'], true)
  expect(everything.map(name => toolOf(name).name)).not.toContain(undefined)
  expect(everything).not.toContain('etcdctl')
})

test.each<[readonly string[], string | undefined]>([
  [['unit', 'lab-core'], undefined],
  [[], 'Name the layers to run'],
  [['unit', '--', 'some.test.ts'], 'No such layer: --, some.test.ts'],
])('layers %j', (layers, words) => {
  const wrong = wrongLayers(layers)
  expect(wrong?.split('. ')[0]).toBe(words)
})
