// The dashboard as Grafana imports it — core
import { type Panel, panels } from './panels.ts'

const columns = 24
const datasource = { type: 'prometheus', uid: `\${datasource}` }

interface Place {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** From left to right, and below where the row is full; panels of one row are of one height. */
function placesOf(all: readonly Pick<Panel, 'width' | 'height'>[]): readonly Place[] {
  let [x, y, rowHeight] = [0, 0, 0]
  return all.map(({ width: w, height: h }) => {
    if (x + w > columns) [x, y, rowHeight] = [0, y + rowHeight, 0]
    const place = { x, y, w, h }
    x += w
    rowHeight = Math.max(rowHeight, h)
    return place
  })
}

function panelOf({ title, description, type, unit, value, queries }: Panel, id: number, gridPos: Place): object {
  const isTable = type === 'table'
  return {
    id,
    title,
    description,
    type,
    gridPos,
    datasource,
    fieldConfig: { defaults: { unit }, overrides: [] },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource,
      expr,
      ...(isTable && { format: 'table', instant: true, range: false }),
      ...(legend !== undefined && { legendFormat: legend }),
    })),
    ...(isTable && { transformations: [organized(value)] }),
  }
}

/** Without the time of the query and the name of the metric. */
const organized = (value = 'value'): object => ({
  id: 'organize',
  options: { excludeByName: { Time: true, __name__: true, alertstate: true }, renameByName: { Value: value } },
})

export function dashboard(): object {
  const places = placesOf(panels)
  return {
    uid: 'k0smotron',
    title: 'k0smotron: control planes',
    tags: ['k0smotron', 'cluster-api'],
    schemaVersion: 39,
    editable: true,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', current: {}, hide: 0 },
      ],
    },
    panels: panels.map((panel, index) => panelOf(panel, index + 1, places[index] ?? { x: 0, y: 0, w: columns, h: 8 })),
  }
}
