// What the kinds for use without Cluster API have in common — core
import type { Column } from '../schema/kind.ts'

export const k0smotronGroup = { group: 'k0smotron.io', version: 'v1beta2', labels: {} } as const

export const ageColumn: Column = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since creation',
}
