// The blocks of a page of the docs, and the script that does what the page says — core

/** A fenced block of Markdown. */
export interface Block {
  /** The word after the fence: `sh` is run, `yaml` is applied, all others only show something. */
  readonly language: string
  /** Without the fences. */
  readonly text: string
  /** Of its first line of text, counted from 1. */
  readonly line: number
  /** Under which heading of the second level it is. */
  readonly heading: string
  /**
   * What the comment above it says instead of running it here: `<!-- not run: why -->`, `<!-- run by path -->`,
   * `<!-- run on a machine -->`.
   */
  readonly instead?: string
}

/** The remark of commands for a machine that is to become a worker: who follows the page runs them there, as root. */
export const onMachine = 'run on a machine'

const remark = /^<!-- (not run: .+|run by \S+|run on a machine) -->$/

/** All fenced blocks, in their order. A remark at the top of the page, above its title, is true for all of them. */
export function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.split('\n')
  const ofPage = remarkIn(lines[0])
  const blocks: Block[] = []
  let heading = ''
  for (let at = 0; at < lines.length; at++) {
    heading = /^## (.*)$/.exec(lines[at] ?? '')?.[1] ?? heading
    const [, fence, language = ''] = /^(```+)(\w*)$/.exec(lines[at] ?? '') ?? []
    if (fence === undefined) continue
    const end = lines.indexOf(fence, at + 1)
    if (end < 0) throw new Error(`the block of line ${at + 1} has no end`)
    const instead = remarkIn(lines[at - 1]) ?? ofPage
    const text = `${lines.slice(at + 1, end).join('\n')}\n`
    blocks.push({ language, text, line: at + 2, heading, ...(instead !== undefined && { instead }) })
    at = end
  }
  return blocks
}

function remarkIn(line: string | undefined): string | undefined {
  return remark.exec(line ?? '')?.[1]
}

/** A block of commands, or a manifest: a piece of one has no `apiVersion`. */
export function isRunnable({ language, text }: Block): boolean {
  return language === 'sh' || (language === 'yaml' && /^apiVersion:/m.test(text))
}

/**
 * A script for bash that runs the blocks as somebody who reads the page would, in one shell. A manifest that begins with
 * the comment `# name.yaml` is saved under that name, any other one is applied. It prints which block it is at, and ends with the first
 * command that fails.
 */
export function scriptOf(page: string, blocks: readonly Block[]): string {
  const steps = blocks
    .filter(block => isRunnable(block) && block.instead === undefined)
    .map(block => `block='${page}:${block.line}'; echo "-- $block" >&2\n${commandsOf(block)}`)
  const trap = `trap 'code=$?; [ $code -eq 0 ] || echo "The block at $block ended with $code" >&2' EXIT`
  return ['set -euo pipefail', 'block=', trap, ...steps, ''].join('\n')
}

const end = 'END_OF_MANIFEST'

function commandsOf({ language, text }: Block): string {
  if (language === 'sh') return text
  const [, file] = /^# ([\w.-]+\.yaml)$/m.exec(text.split('\n')[0] ?? '') ?? []
  const command = file === undefined ? 'kubectl apply -f -' : `cat > ${file}`
  return `${command} <<'${end}'\n${text}${end}\n`
}
