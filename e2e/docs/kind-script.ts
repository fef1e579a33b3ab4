// The quickstart on kind, as one script — core
import { type Block, scriptOf } from '@k0smotron-ts/hack/docs'

const headings = ['On kind', 'On a cluster of yours']

/** The commands of both sections of the page, in a kind cluster of its own that is gone afterwards. */
export function kindScript(page: string, blocks: readonly Block[], architecture: 'amd64' | 'arm64'): string {
  const followed = blocks.filter(({ heading }) => headings.includes(heading)).map(({ instead: _, ...block }) => block)
  const script = scriptOf(page, followed).replaceAll(/-amd64\.tar\b/g, `-${architecture}.tar`)
  return `export KIND_CLUSTER_NAME=k0smotron-ts-docs\nkind delete cluster\n(${script})\ncode=$?\nkind delete cluster\nexit $code\n`
}
