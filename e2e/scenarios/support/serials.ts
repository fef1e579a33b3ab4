// Which certificate a Secret has, and which one a member of etcd shows — shell
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:tls'
import type { ObjectKey } from '@k0smotron-ts/api'
import { secrets } from '@k0smotron-ts/runtime'
import type { Stage } from '../../harness/stage.ts'

export async function serialIn({ management }: Stage, key: ObjectKey): Promise<string> {
  const { data } = (await management.client.get(secrets, key)) ?? {}
  return new X509Certificate(Buffer.from(data?.['tls.crt'] ?? '', 'base64')).serialNumber
}

/** Shown to whoever connects; nothing is asked there, so nobody has to be trusted. */
export async function serialAt(host: string): Promise<string | undefined> {
  const socket = connect({ host, port: 2379, rejectUnauthorized: false })
  socket.on('error', () => undefined) // it wants a certificate of ours, and ends what has none
  try {
    await once(socket, 'secureConnect')
    return socket.getPeerX509Certificate()?.serialNumber
  } finally {
    socket.destroy()
  }
}
