// Fails when a file or a function is too long, and prints how long they are — shell
import { functionsOf, limits, quantile } from './sizes.ts'
import { isTest, report, sources } from './sources.ts'

/** `path` or `path:function`: a reason and an issue each. This list may only shrink. */
const waivers: Readonly<Record<string, string>> = {}

const files = (await sources()).map(({ path, text }) => ({
  path,
  length: text.split('\n').length - 1,
  functions: isTest(path) ? [] : functionsOf(text),
}))

const faults = files.flatMap(({ path, length, functions }) => {
  const limit = isTest(path) ? limits.testFile : limits.file
  const long = functions.filter(one => one.length > limits.function && !waivers[`${path}:${one.name}`])
  return [
    ...(length > limit && !waivers[path] ? [`${path} has ${length} lines, ${limit} are the limit`] : []),
    ...long.map(one => `${path}:${one.line} ${one.name} has ${one.length} lines, ${limits.function} are the limit`),
  ]
})

const lengths = files.flatMap(({ path, length }) => (isTest(path) ? [] : [length])).sort((a, b) => a - b)
const longest = files
  .flatMap(({ path, functions }) => functions.map(one => ({ ...one, path })))
  .sort((a, b) => b.length - a.length)[0]
console.log(
  `${lengths.length} files without tests: median ${quantile(lengths, 0.5)}, p90 ${quantile(lengths, 0.9)}, longest ${lengths.at(-1)} lines; longest function ${longest?.path}:${longest?.name} with ${longest?.length}`,
)
report('Too long', faults)
