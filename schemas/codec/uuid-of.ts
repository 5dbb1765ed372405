import { createHash } from 'node:crypto'
import type { Uuid } from './texts.ts'

/** The desk's own namespace: names of other programs never make the same ids. */
const namespace = Buffer.from('6f9b1d3c2a4e4b7f8c5d0e1f2a3b4c5d', 'hex')

/**
 * A uuid that follows from what it names, as version 5 of RFC 9562 makes them: the same for the same texts, on any machine
 * and at any time, and another for others.
 * @example const id = uuidOf('discord', interactionId)
 */
export const uuidOf = (...texts: readonly string[]): Uuid => {
  const digest = createHash('sha1').update(namespace).update(JSON.stringify(texts)).digest().subarray(0, 16)
  digest[6] = (digest[6]! & 0x0f) | 0x50
  digest[8] = (digest[8]! & 0x3f) | 0x80
  const hex = digest.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
