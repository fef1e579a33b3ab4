// A page cut where the commands go to another place — core
import { type Block, isRunnable, onMachine, scriptOf } from '@k0smotron-ts/hack/docs'

export interface Part {
  /** `desk`: where the person sits who reads the page; `machine`: one that is to become a worker. */
  readonly place: 'desk' | 'machine'
  readonly script: string
}

/** What of a page is run, in its order; empty when each of its blocks only shows something, or says why it is not run. */
export function partsOf(page: string, blocks: readonly Block[]): readonly Part[] {
  const parts: { place: Part['place']; blocks: Block[] }[] = []
  for (const block of blocks.filter(isRun)) {
    const place = block.instead === onMachine ? 'machine' : 'desk'
    const last = parts.at(-1)
    if (last?.place === place) last.blocks.push(block)
    else parts.push({ place, blocks: [block] })
  }
  return parts.map(part => ({
    place: part.place,
    script: scriptOf(
      page,
      part.blocks.map(({ instead: _, ...block }) => block),
    ),
  }))
}

const isRun = (block: Block): boolean =>
  isRunnable(block) && (block.instead === undefined || block.instead === onMachine)
