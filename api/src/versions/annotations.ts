// The annotations of an object, wherever it has them — core
import { isObject, type JsonObject, type Path, valueAt, withValue } from './json.ts'

export const ofObject: Path = ['metadata', 'annotations']

export function mapAt(object: JsonObject, path: Path): JsonObject {
  const map = valueAt(object, path)
  return isObject(map) ? map : {}
}

/** Without the map, and without what held nothing else, when it is empty. */
export function withMap(object: JsonObject, path: Path, map: JsonObject): JsonObject {
  if (Object.keys(map).length > 0) return withValue(object, path, map)
  if (valueAt(object, path) === undefined) return object
  const bare = withValue(object, path, undefined)
  const holder = path.slice(0, -1)
  return Object.keys(mapAt(bare, holder)).length > 0 ? bare : withValue(bare, holder, undefined)
}
