// Provider IDs — core
import { expect, it } from 'vitest'
import { identityOf, memberOf, memberWith, ownerOf } from './provider-id.ts'

const object = (name: string, namespace = 'ns') => ({ apiVersion: 'v1', kind: 'X', metadata: { namespace, name } })

it('tells a machine by namespace and name, and gives it the name as its host name', () => {
  expect(identityOf(object('m1'))).toEqual({ providerID: 'lab://ns/m1', hostname: 'm1' })
})

it('keeps a member of a pool apart from a machine of the same host name', () => {
  const member = memberOf(object('p'), 0)
  expect(member.hostname).toBe(identityOf(object('p-0')).hostname)
  expect(member.providerID).not.toBe(identityOf(object('p-0')).providerID)
})

it('finds the owner of an ID', () => {
  expect(ownerOf('lab://ns/m.1')).toEqual({ kind: 'machine', key: { namespace: 'ns', name: 'm.1' } })
  expect(ownerOf(memberOf(object('p'), 11).providerID)).toEqual({ kind: 'pool', key: { namespace: 'ns', name: 'p' } })
})

it.each(['lab://ns/p', 'lab://other/p/1', 'lab://ns/p/x', 'lab://ns/p/1/1', ''])('%j is no member of p', id => {
  expect(memberWith(object('p'), id)).toBeUndefined()
  expect(memberWith(object('p'), 'lab://ns/p/1')).toEqual(memberOf(object('p'), 1))
})
