import type { ManagedFieldsEntry } from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import { takenOver } from './take-over.ts'

const entry = (manager: string, fieldsV1: object, rest: object = {}): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { ...fieldsV1 },
  ...rest,
})
const port = (number: number) => ({ [`k:{"port":${number},"protocol":"TCP"}`]: { '.': {}, 'f:port': {} } })
const template = { 'f:metadata': { 'f:labels': { 'f:app': {} } }, 'f:spec': {} }
const labels = { 'f:metadata': { 'f:labels': { 'f:app': {} } } }

it('what tools wrote becomes ours; metadata, statuses and what others applied stay theirs', () => {
  const status = entry('controller', { 'f:status': {} }, { subresource: 'status' })
  const applied = entry('gitops', { 'f:spec': { 'f:type': {} } }, { operation: 'Apply' })
  const older = entry('old-tool', { 'f:spec': { 'f:x': {} } }, { apiVersion: 'v1beta1' })
  const managedFields = [
    entry('restore', { ...labels, 'f:spec': { 'f:ports': port(1), 'f:type': {}, 'f:template': template } }),
    entry('editor', { 'f:spec': { 'f:ports': port(2) } }),
    status,
    applied,
    older,
    entry('ours', { 'f:spec': { 'f:selector': {} } }, { operation: 'Apply' }),
  ]
  expect(takenOver({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', managedFields } }, 'ours')).toEqual([
    entry('restore', { ...labels, 'f:spec': { 'f:template': labels } }),
    status,
    applied,
    older,
    entry(
      'ours',
      {
        'f:spec': {
          'f:selector': {},
          'f:ports': { ...port(1), ...port(2) },
          'f:type': {},
          'f:template': { 'f:spec': {} },
        },
      },
      { operation: 'Apply' },
    ),
  ])
})
