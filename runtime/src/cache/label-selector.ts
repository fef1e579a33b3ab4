// Label selectors as the API server reads them — core

type Labels = Readonly<Record<string, string>>
type Requirement = (labels: Labels) => boolean

const key = String.raw`[^\s!=,()]+`
const exists = new RegExp(`^(!?)\\s*(${key})$`)
const equality = new RegExp(`^(${key})\\s*(==?|!=)\\s*([^\\s!=,()]*)$`)
const membership = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^()]*)\\)$`)

/** Whether labels match; a selector that we cannot read throws at once and not when the first object comes. */
export function parseLabelSelector(selector: string): (labels: Labels) => boolean {
  const terms = selector.split(/,(?![^(]*\))/).map(term => term.trim())
  const requirements = terms.filter(term => term !== '').map(parseRequirement)
  return labels => requirements.every(matches => matches(labels))
}

function parseRequirement(term: string): Requirement {
  const [, negated, name = ''] = exists.exec(term) ?? []
  if (negated !== undefined) return labels => name in labels === (negated === '')
  const [, left = '', operator, right = ''] = equality.exec(term) ?? []
  if (operator) return labels => (labels[left] === right) === (operator !== '!=')
  const [, member = '', set, list = ''] = membership.exec(term) ?? []
  if (!set) throw new Error(`${JSON.stringify(term)} is not a label selector`)
  const values = list.split(',').map(value => value.trim())
  return labels => values.includes(labels[member] ?? absent) === (set === 'in')
}

/** No label value, so nothing in a list equals it. */
const absent = '\0'
