import { expect, it } from 'vitest'
import { disabledComponents, hasOwnConfig, isSet } from './flags.ts'

const component: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['none', ['--debug'], []],
  ['in one word', ['--disable-components=coredns,kube-proxy'], ['coredns', 'kube-proxy']],
  ['in a word of its own', ['--disable-components', 'coredns,kube-proxy'], ['coredns', 'kube-proxy']],
  ['repeated', ['--disable-components=coredns', '--debug', '--disable-components', 'helm'], ['coredns', 'helm']],
  ['without a value', ['--disable-components'], []],
  ['of another flag', ['--disable-components-not=coredns'], []],
]

it.each(component)('disabled components: %s', (_, flags, disabled) => {
  expect([...disabledComponents(flags)]).toEqual(disabled)
})

const config: readonly (readonly [readonly string[], boolean])[] = [
  [['--config=/my.yaml'], true],
  [['--config', '/my.yaml'], true],
  [['-c', '/my.yaml'], true],
  [['-c=/my.yaml'], true],
  [['-c/my.yaml'], true],
  [['-dc', '/my.yaml'], true],
  [['-d', '--configure'], false],
  [['--labels=-c'], false],
]

it.each(config)('%j: the user brings a configuration: %s', (flags, expected) => {
  expect(hasOwnConfig(flags)).toBe(expected)
})

it.each([
  [['--enable-metrics-scraper'], true],
  [['--enable-metrics-scraper=true'], true],
  [['--enable-metrics-scraper=false'], false],
  [['--enable-metrics-scraper', 'false'], true],
  [[], false],
])('%j: the flag is set: %s', (flags, expected) => {
  expect(isSet(flags, 'enable-metrics-scraper')).toBe(expected)
})
