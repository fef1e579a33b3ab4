import { describe, expect, it } from 'vitest'
import { convertFile, type Files } from './files.ts'

const older = 'apiVersion: k0smotron.io/v1beta1\nkind: Cluster\n'
const stored = older.replace('v1beta1', 'v1beta2')

/** Of what a test says is in it. */
function filesWith(bytes: Buffer | string, fault?: string) {
  const done: string[] = []
  const files: Files = {
    read: async () => Buffer.from(bytes as string),
    write: async (file, text) => {
      if (fault !== undefined) throw new Error(fault)
      done.push(`write ${file}: ${text}`)
    },
    print: text => done.push(`print ${text}`),
    say: line => done.push(`say ${line}`),
  }
  return { files, done }
}

describe('a file', () => {
  it.each<[string, boolean, string, readonly string[]]>([
    ['is printed', false, older, [`print ${stored}`]],
    ['is printed too when nothing is converted', false, stored, [`print ${stored}`]],
    ['is written in its place', true, older, [`write a.yaml: ${stored}`]],
    ['is not written when nothing is converted', true, stored, []],
    [
      'is named with what has no effect in it',
      true,
      `${stored}x: y\n`,
      ['say a.yaml:3: x: k0smotron.io/v1beta2 does not know the field'],
    ],
  ])('%s', async (_, isInPlace, text, expected) => {
    const { files, done } = filesWith(text)
    expect(await convertFile('a.yaml', isInPlace, files)).toBe(true)
    expect(done).toEqual(expected)
  })

  it.each<[string, Buffer | string, string | undefined, string]>([
    [
      'cannot be written',
      older,
      "EACCES: permission denied, open 'a.yaml'",
      "a.yaml: EACCES: permission denied, open 'a.yaml'",
    ],
    ['cannot be converted', `${older}kind: X\n`, undefined, 'a.yaml:3: Map keys must be unique'],
    [
      'is UTF-16',
      Buffer.from(`\uFEFF${older}`, 'utf16le'),
      undefined,
      'a.yaml:1: not UTF-8; nothing of the file is converted',
    ],
    [
      'has a byte that is none of a character',
      Buffer.concat([Buffer.from(`${older}x: "`), Buffer.from([0xff]), Buffer.from('"\n')]),
      undefined,
      'a.yaml:3: not UTF-8; nothing of the file is converted',
    ],
  ])('that %s is named, and nothing is written or printed', async (_, bytes, fault, line) => {
    const { files, done } = filesWith(bytes, fault)
    expect(await convertFile('a.yaml', true, files)).toBe(false)
    expect(done).toEqual([`say ${line}`])
  })
})
