// A cloud-config document from its value — core
import { dump } from 'js-yaml'
import type { WriteFile } from './write-file.ts'

/** The parts of cloud-config that we use. */
export interface UserData {
  readonly write_files: readonly WriteFile[]
  /** A command is a list of words: cloud-init quotes each, so nothing in it can be taken for shell. */
  readonly runcmd: readonly (readonly string[])[]
}

/**
 * The only serializer. The first line is what makes cloud-init take the document; no line asks for a template engine,
 * so `{{` in a user's file stays what it is. Read back by PyYAML, it is the value again.
 */
export function toUserData(value: UserData): string {
  return `#cloud-config\n${dump(value, { lineWidth: -1, noRefs: true })}`
}
