// A spec in both versions, without what is kept in annotations — core
import { type SpecDifferences, storedOnly } from './differences.ts'
import { type JsonObject, type Path, valueAt, without, withValue } from './json.ts'

const pathOf = (text: string): Path => text.split('.')

/** Fields that the older version has as annotations of the stored one are still in it. */
export function storedSpec(older: JsonObject, { moved, implied }: SpecDifferences): JsonObject {
  const moves = Object.entries(moved).filter(([name]) => older[name] !== undefined)
  const stays = without(older, Object.keys(moved))
  const spec = moves.reduce((made, [name, path]) => withValue(made, pathOf(path), older[name]), stays)
  return says(older, implied.by) ? withValue(spec, pathOf(implied.path), implied.value) : spec
}

/** What it leaves out, `storedSpec` does not give back. */
export function olderSpecOf(stored: JsonObject, differences: SpecDifferences): JsonObject {
  const { moved, implied } = differences
  const stays = without(stored, storedOnly(differences))
  const spec = Object.entries(moved).reduce(
    (made, [name, path]) => withValue(made, [name], valueAt(stored, pathOf(path))),
    stays,
  )
  // the older version would say something else by them than the stored one does
  const isMeant = says(spec, implied.by) === (valueAt(stored, pathOf(implied.path)) === implied.value)
  return isMeant ? spec : without(spec, implied.by)
}

function says(spec: JsonObject, names: readonly string[]): boolean {
  return names.some(name => spec[name] !== undefined && spec[name] !== '')
}
