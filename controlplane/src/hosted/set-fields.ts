// Names fields of a spec — core

/** The paths of the fields that are set. */
export function setFields(parent: string, fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([field, isSet]) => (isSet ? [`${parent}.${field}`] : []))
}
