import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { certificates, liveService, observed } from '../../../testing/observed.ts'
import { k0sConfigOf } from '../../render/k0s/config.ts'
import { dataSourceOf } from './data-source.ts'

const key = 'K0SMOTRON_KINE_DATASOURCE_URL'
const name = 'spec.storage.kine.dataSourceSecretName'
const good = 'postgres://k0s:hunter2@db.example:5432/prod'

const secretWith = (data: Readonly<Record<string, string>>) => ({
  dataSourceSecret: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'team' }, data } as const,
})
const base64 = (text: string) => Buffer.from(text).toString('base64')
const stored = (text: string) => secretWith({ [key]: base64(text) })
const fromSecret = { storage: { type: 'kine', kine: { dataSourceSecretName: 'db' } } } as const
const inline = (dataSourceURL: string) => ({ storage: { type: 'kine', kine: { dataSourceURL } } }) as const

describe('what is no data source is told with its place and what to do, and never with its value', () => {
  it.each<[string, object, object, string, string]>([
    ['no section', { storage: { type: 'kine' } }, {}, 'InvalidDataSource', `set ${name} to a Secret whose key ${key}`],
    ['an empty section', inline(''), {}, 'InvalidDataSource', `set ${name}`],
    [
      "k0smotron's placeholder alone",
      inline('__K0SMOTRON_KINE_DATASOURCE_URL_PLACEHOLDER__'),
      {},
      'InvalidDataSource',
      'no database is named',
    ],
    [
      'both',
      { storage: { type: 'kine', kine: { dataSourceURL: good, dataSourceSecretName: 'db' } } },
      stored(good),
      'InvalidDataSource',
      `spec.storage.kine.dataSourceURL and ${name} are both set; leave one`,
    ],
    ['no Secret', fromSecret, {}, 'WaitingForDataSource', `Secret db, which ${name} names: make it in namespace team`],
    [
      'no key',
      fromSecret,
      secretWith({ password: base64('hunter2') }),
      'InvalidDataSource',
      `nothing under the key ${key}`,
    ],
    ['no data', fromSecret, secretWith({}), 'InvalidDataSource', `nothing under the key ${key}`],
    ['an empty key', fromSecret, stored(''), 'InvalidDataSource', `nothing under the key ${key}`],
    ['bytes', fromSecret, secretWith({ [key]: '/w==' }), 'InvalidDataSource', 'no text in UTF-8'],
    [
      'a line break of echo',
      fromSecret,
      stored(`${good}\n`),
      'InvalidDataSource',
      'ends with white space or a line break',
    ],
    [
      'a mark of its encoding',
      fromSecret,
      stored(`\ufeff${good}`),
      'InvalidDataSource',
      'begins or ends with white space',
    ],
    ['another database', fromSecret, stored('mssql://sa:hunter2@db'), 'InvalidDataSource', 'postgres:// or mysql://'],
    ['no scheme', inline('hunter2@db'), {}, 'InvalidDataSource', 'dataSourceURL does not begin with postgres://'],
    ['one slash', inline('mysql:/hunter2'), {}, 'InvalidDataSource', 'does not begin with postgres:// or mysql://'],
    ['a word of every object', inline('constructor:hunter2'), {}, 'InvalidDataSource', 'does not begin with'],
    ['another name of it', inline('postgresql://u:hunter2@db'), {}, 'InvalidDataSource', 'begin it with postgres://'],
    ['MariaDB by its name', inline('mariadb://u:hunter2@db'), {}, 'InvalidDataSource', 'begin it with mysql://'],
    [
      'sqlite',
      inline('sqlite:///var/lib/hunter2'),
      {},
      'InvalidDataSource',
      'is of sqlite, which keeps data in the k0s pod',
    ],
    ['NATS', fromSecret, stored('nats://u:hunter2@x'), 'InvalidDataSource', 'is of nats'],
    ['a long one', fromSecret, stored(good + 'x'.repeat(2048)), 'InvalidDataSource', 'more than 2048 characters'],
    ...[
      'hunter2/x',
      '1/hunter2',
      'hunter2?x',
      'hunter2#x',
      '1#hunter2',
      '1?hunter2',
      'a@b/hunter2',
      'hunter2%',
      'hunter2%z1',
      'hunter2 x',
      'hunter2ü',
    ].map((password): [string, object, object, string, string] => [
      `a password ${password} that is not escaped`,
      fromSecret,
      stored(`postgres://k0s:${password}@db:5432/prod`),
      'InvalidDataSource',
      'percent-encoded, as %2F for /',
    ]),
  ])('%s', (_, spec, situation, reason, words) => {
    const found = dataSourceOf(observed(spec, situation))
    expect(found).toMatchObject({ reason, message: expect.stringContaining(words) })
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })
})

it.each([
  ['the spec', inline(good), {}, 'spec.storage.kine.dataSourceURL'],
  ['a Secret', fromSecret, stored(good), `the key ${key} of Secret db`],
  [
    "a Secret, beside k0smotron's placeholder",
    {
      storage: {
        type: 'kine',
        kine: { dataSourceSecretName: 'db', dataSourceURL: '__K0SMOTRON_KINE_DATASOURCE_URL_PLACEHOLDER__' },
      },
    } as const,
    stored(good),
    `the key ${key} of Secret db`,
  ],
] as const)('one from %s is found, and does not print itself', (_, spec, situation, origin) => {
  const found = dataSourceOf(observed(spec, situation))
  expect(found).toMatchObject({ database: 'PostgreSQL', origin })
  expect('url' in found && found.url.reveal()).toBe(good)
  expect(JSON.stringify(found)).not.toContain('hunter2')
})

it.each([
  'mysql://u:a\nb@tcp(db)/x',
  `mysql://u:'"\`#$&*!|>%@tcp(db:3306)/x`,
  'mysql://u:$HOME $(id) {{ .x }}@tcp(db)/x?a=b',
  "postgres://u:A1-._~!$&'()*+,;=%2f@@db/x?sslmode=verify-full&a=b@c",
  'postgres://db:5432/x?user=a@b',
  'postgres://u:p@[::1]:5432/x y',
  'mysql://ü:日本語\u2028\u0085\u00a0\ufeff🗝@tcp([::1]:3306)/x',
  'mysql://u:\t\\n\\@tcp(db)/: - ? x',
  `postgres://u:${'x'.repeat(2000)}@db`,
  'postgres://:@',
])('k0s reads it as it was written: %j', text => {
  for (const [spec, situation] of [
    [fromSecret, stored(text)],
    [inline(text), {}],
  ] as const) {
    const known = observed(spec, { ...certificates, services: [liveService('ClusterIP')], ...situation })
    const { endpoint, ports } = known.exposure
    if (!endpoint || !ports) throw new Error('the endpoint is known')
    const version = { major: 1, minor: 36, patch: 3, k0s: 1 } as never
    const { files } = k0sConfigOf(known, { version, endpoint, ports, isProbedOverHTTPS: false })
    expect(load(files['k0s.yaml'] ?? '')).toMatchObject({
      spec: { storage: { type: 'kine', kine: { dataSource: text } } },
    })
  }
})
