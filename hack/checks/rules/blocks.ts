// Blocks of pages that nothing would run and nobody would miss — core
import { type Block, blocksOf, isRunnable, onMachine } from '../../docs/page.ts'

/** Languages of blocks; only the first two do something. */
const languages = ['sh', 'yaml', 'json', 'ts', 'text', '']

/**
 * What is wrong with the blocks of a page, as `page:line: fault`. `isRun`: a test runs the page as it is, so that only what
 * cannot be run needs a remark.
 */
export function blockFaults(page: string, markdown: string, isRun: boolean, files: readonly string[]): string[] {
  const faultOf = (block: Block): string | undefined => {
    const { language, instead } = block
    if (!languages.includes(language)) return `no language of blocks: ${language} (use ${languages.join(', ')})`
    const [, path] = /^run by (.*)$/.exec(instead ?? '') ?? []
    if (path !== undefined) return files.includes(path) ? undefined : `${path} is not there`
    return isRun || !asksToBeRun(block) ? undefined : 'says neither which test runs it nor why it is not run'
  }
  return blocksOf(markdown).flatMap(block => {
    const fault = faultOf(block)
    return fault === undefined ? [] : [`${page}:${block.line}: ${fault}`]
  })
}

/** By whoever follows the page. */
const asksToBeRun = (block: Block): boolean =>
  isRunnable(block) && (block.instead === undefined || block.instead === onMachine)
