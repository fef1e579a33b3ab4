// PyYAML, the parser that cloud-init uses — shell
import { spawnSync } from 'node:child_process'

function has(command: string, args: readonly string[]): boolean {
  try {
    return spawnSync(command, args).status === 0
  } catch {
    return false // no Python at all
  }
}

/** A Python that has PyYAML: the system's first, for that is cloud-init's. */
export const python: string | undefined = ['/usr/bin/python3', 'python3'].find(path => has(path, ['-c', 'import yaml']))

const program = `
import base64, json, sys, yaml
def plain(value):
    if isinstance(value, dict): return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list): return [plain(item) for item in value]
    return value if isinstance(value, str) else {"is no text": repr(value)}
print(json.dumps([plain(yaml.safe_load(document)) for document in json.load(sys.stdin)]))
`

/** The documents as cloud-init sees them. A scalar that is not taken for text is no scalar in the answer. */
export function parsedByPyYaml(documents: readonly string[]): readonly unknown[] {
  const { status, stdout, stderr } = spawnSync(python ?? 'python3', ['-c', program], {
    input: JSON.stringify(documents),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as unknown[]
}
