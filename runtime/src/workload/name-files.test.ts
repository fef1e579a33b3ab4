// What a system's own files say about a host name — core
import { expect, test } from 'vitest'
import { addressesIn, namesToAsk } from './name-files.ts'

const hosts = `# of the kubelet
127.0.0.1\tlocalhost
::1 localhost ip6-localhost
10.0.0.7  api.example API # an alias
nonsense  api.example
`

test.each([
  ['localhost', ['127.0.0.1', '::1']],
  ['Api.Example.', ['10.0.0.7']],
  ['api', ['10.0.0.7']],
  ['an', []],
  ['other.example', []],
])('%s in a hosts file', (name, addresses) => {
  expect(addressesIn(hosts, name).map(({ address }) => address)).toEqual(addresses)
})

const pod = `nameserver 10.96.0.10
search ns.svc.cluster.local svc.cluster.local cluster.local
options ndots:5
`

test.each([
  [
    'of a pod: a Service',
    pod,
    'c.ns.svc',
    ['c.ns.svc.ns.svc.cluster.local', 'c.ns.svc.svc.cluster.local', 'c.ns.svc.cluster.local', 'c.ns.svc'],
  ],
  ['of a pod: a name with a dot at its end', pod, 'api.example.', ['api.example']],
  ['of a node: a name with dots', 'search lan.example.\noptions rotate', 'api.b', ['api.b', 'api.b.lan.example']],
  ['of a node: a name without', 'domain lan.example', 'api', ['api.lan.example', 'api']],
  ['the last of two lines counts', 'search a\nsearch b c\noptions ndots:1 ndots:2', 'x.y', ['x.y.b', 'x.y.c', 'x.y']],
  ['empty', '', 'api', ['api']],
  ['a search domain that is the root', 'search .', 'api', ['api']],
])('resolv.conf %s', (_what, text, name, names) => {
  expect(namesToAsk(text, name)).toEqual(names)
})
