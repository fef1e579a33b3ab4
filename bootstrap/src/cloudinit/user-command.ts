// The shell commands of users — core
import type { UserCommand } from './types.ts'

/** Before a command: it may fail, as in systemd units and makefiles. No program that anybody calls begins with it. */
const mayFailMark = '-'

/** `field` is the list in the spec that they stand in. */
export function commandsOf(field: string, texts: readonly string[] = []): UserCommand[] {
  return texts.map((text, index) => {
    const mayFail = text.startsWith(mayFailMark)
    return { field: `${field}[${index}]`, text: mayFail ? text.slice(mayFailMark.length) : text, mayFail }
  })
}
