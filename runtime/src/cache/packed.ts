// Objects as bytes outside of the heap (docs/adr/0003) — core
import { type KubeObject, parseJsonText } from '@k0smotron-ts/api'

/** An object as JSON in UTF-8. */
export type Packed = Buffer

/** Exactly as many bytes as it needs: pieces of node's shared pool would each keep their neighbours alive. */
export function pack(object: KubeObject): Packed {
  const json = JSON.stringify(object)
  const packed = Buffer.allocUnsafeSlow(Buffer.byteLength(json))
  packed.write(json)
  return packed
}

/** A copy of its own for whoever asks: nobody can change what is in the cache. */
export function unpack<T extends KubeObject>(packed: Packed): T {
  return parseJsonText(packed.toString('utf8')) as T
}
