// Objects as YAML documents — core
import { dump } from 'js-yaml'

/** The same objects give the same text; `comment` is its first line. */
export function yamlOf(comment: string, documents: readonly object[]): string {
  const texts = documents.map(document => dump(document, { lineWidth: -1, noRefs: true }))
  return `# ${comment}\n${texts.join('---\n')}`
}
