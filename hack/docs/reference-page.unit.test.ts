// The API reference has every field of every version — core
import { kinds } from '@k0smotron-ts/api'
import { leafCases } from '@k0smotron-ts/api/testing'
import { expect, test } from 'vitest'
import { referencePages } from './reference-page.ts'

const pages = new Map(referencePages().map(({ path, content }) => [path, content]))

test.each(kinds.map(kind => [kind.kind, kind] as const))('%s', (name, kind) => {
  const page = pages.get(`docs/reference/${name.toLowerCase()}.md`) ?? ''
  const [stored = '', older = ''] = page.split(/^## v1beta/m).slice(1)
  for (const [text, spec] of [[stored, kind.spec] as const, [older, kind.older?.spec ?? {}] as const]) {
    const named = new Set(
      [...text.matchAll(/^\| `\.([^`]*)`/gm)].map(([, path = '']) => path.replaceAll(/\[\]|\.\*/g, '')),
    )
    const missing = leafCases(spec, {})
      .map(({ path }) => path)
      .filter(path => !named.has(path) && path !== 'spec')
    expect(missing).toEqual([])
  }
  expect(pages.get('docs/reference/README.md')).toContain(`[${name}](${name.toLowerCase()}.md)`)
})

test('a field that has to be there, its words and its default', () => {
  const request = pages.get('docs/reference/jointokenrequest.md') ?? ''
  expect(request).toMatch(/^\| `\.spec\.clusterName` \| string \| \*\*Required\.\*\* clusterName is /m)
  expect(request).toMatch(/^\| `\.spec\.role` \| .* One of `worker`, `controller`\. \|$/m)
  expect(pages.get('docs/reference/k0smotroncontrolplane.md')).toMatch(
    /`\.spec\.replicas` \| integer \| .* Default: `1`\./,
  )
})

test('every row has as many cells as its table', () => {
  for (const page of pages.values())
    for (const block of page.split('\n\n').filter(text => text.startsWith('| '))) {
      const cells = block
        .trimEnd()
        .split('\n')
        .map(row => row.replaceAll('\\|', '').split('|').length)
      expect(new Set(cells).size).toBe(1)
    }
})
