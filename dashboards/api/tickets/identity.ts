import { createHash, randomUUID } from 'node:crypto'

/** Separates these ids from all others that are made of the same words. */
const space = 'franz/api/idempotency-key/'

/** A uuid (version 8) made from the caller's key: the same on every repetition, wherever it is answered. */
export const idFromKey = (caller: string, key: string): string => {
  const bytes = createHash('sha256').update(`${space}${caller}\0${key}`).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export const newId = (): string => randomUUID()
