// One entry of write_files — core
import type { File } from './types.ts'

export interface WriteFile {
  readonly path: string
  readonly content: string
  readonly encoding?: 'b64'
  readonly permissions: string
}

/** Text stays readable where every YAML parser gives it back; anything else is carried as base64. */
export function writeFile({ path, content, permissions }: File): WriteFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
  const text = bytes.toString('utf8')
  return isSafe(text) && Buffer.from(text).equals(bytes) && (typeof content !== 'string' || content === text)
    ? { path, content: text, permissions }
    : { path, content: bytes.toString('base64'), encoding: 'b64', permissions }
}

/** Neither control characters (tab and line feed excepted) nor what YAML takes for a line break or a mark. */
function isSafe(text: string): boolean {
  return !/[\p{Cc}\p{Cn}\p{Co}\p{Cs}\u{2028}\u{2029}\u{feff}]/u.test(text.replaceAll(/[\t\n]/g, ''))
}
