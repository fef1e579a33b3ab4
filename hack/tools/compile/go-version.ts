// Is the installed Go new enough — core

const needed = { major: 1, minor: 26 }

/** What is wrong with what `go version` printed, `undefined` when nothing is. */
export function goVersionProblem(printed: string | undefined): string | undefined {
  const wanted = `Go ${needed.major}.${needed.minor} or newer`
  if (printed === undefined) return `${wanted} is needed, and there is no \`go\` in PATH`
  const match = /\bgo(\d+)\.(\d+)/.exec(printed)
  if (!match) return `${wanted} is needed, and \`go version\` says "${printed.trim()}"`
  const [major, minor] = [Number(match[1]), Number(match[2])]
  const enough = major > needed.major || (major === needed.major && minor >= needed.minor)
  return enough ? undefined : `${wanted} is needed, and \`go version\` says "${printed.trim()}"`
}
