// The Secret that a Machine boots from — core
import { decodeJoinToken } from '@k0smotron-ts/api'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { workerInput } from '../../../cloudinit/testing/inputs.ts'
import type { UserData } from '../../../cloudinit/user-data.ts'
import { observed } from '../../../testing/observed.ts'
import { renderDataSecret } from './data-secret.ts'

const text = (value: string | undefined) => Buffer.from(value ?? '', 'base64').toString()

test('in the layout of the contract', () => {
  const { metadata, type, data } = renderDataSecret(observed(), workerInput())
  expect(type).toBe('cluster.x-k8s.io/secret')
  expect(metadata).toMatchObject({
    name: 'm1',
    namespace: 'team',
    labels: { 'cluster.x-k8s.io/cluster-name': 'prod', 'app.kubernetes.io/component': 'bootstrap' },
    ownerReferences: [{ kind: 'K0sWorkerConfig', uid: 'uid-of-config', controller: true }],
  })
  expect(Object.keys(data ?? {})).toEqual(['value', 'format'])
  expect(text(data?.format)).toBe('cloud-config')
  const { write_files } = load(text(data?.value)) as UserData
  expect(decodeJoinToken(write_files[0]?.content ?? '')).toMatchObject({ server: 'https://10.0.0.5:30443' })
})

test('metadata of the user is added, and cannot take the labels away by which others find it', () => {
  const secretMetadata = {
    labels: { mine: 'yes', 'cluster.x-k8s.io/cluster-name': 'other' },
    annotations: { note: 'x' },
  }
  expect(renderDataSecret(observed({ secretMetadata }), workerInput()).metadata).toMatchObject({
    labels: { mine: 'yes', 'cluster.x-k8s.io/cluster-name': 'prod', 'app.kubernetes.io/component': 'bootstrap' },
    annotations: { note: 'x' },
  })
})

test('the same snapshot gives the same bytes', () => {
  expect(renderDataSecret(observed(), workerInput())).toEqual(renderDataSecret(observed(), workerInput()))
})
