// The programs that a shell script of ours starts — core

const comment = /^\s*#.*$/gm
const continued = /\\\n/g
/** What stands between two commands, or before one. */
const separator = /\n|;|&&|\|\||\||&(?!\d)|\$\(|\b(?:if|then|else|while|until|do|exec)\b/
const builtins = new Set(
  'cd echo exit export fi done esac kill printf read set trap unset wait for case return shift test true umask'.split(
    ' ',
  ),
)
const word = /^[\w.-]+$/

/** Program names in command position; what runs in another root (`chroot`) is a guest's. */
export function programsOfScript(text: string): readonly string[] {
  const commands = text.replace(comment, '').replace(continued, ' ').split(separator)
  const names = commands.map(
    command =>
      command
        .trim()
        .split(/\s+/)
        .find(one => !/^\w+=/.test(one)) ?? '',
  )
  return [...new Set(names.filter(name => word.test(name) && !builtins.has(name)))]
}
