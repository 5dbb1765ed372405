import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha256 } from '../../topology/sha256.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test('every length around the block boundaries gives what the runtime gives', () => {
  for (let length = 0; length < 260; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + length) % 256)
    expect(hex(sha256(bytes)), `${length} bytes`).toBe(createHash('sha256').update(bytes).digest('hex'))
  }
  const long = new Uint8Array(1_000_003).fill(7)
  expect(hex(sha256(long))).toBe(createHash('sha256').update(long).digest('hex'))
})
