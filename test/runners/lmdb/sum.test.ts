import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { sumOf } from '../../../runners/lmdb/sum.ts'

test('the sum of short and of long values is the CRC-32 that folders were written with', () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Buffer.from(Array.from({ length }, (_, at) => (at * 37 + length) & 0xff))
    const key = bytes.subarray(0, length % 17)
    expect(sumOf(key, bytes)).toBe(crc32(bytes, crc32(key)))
  }
  expect(sumOf(Buffer.from('1234'), Buffer.from('56789'))).toBe(0xcbf43926)
})
