import { expect, test } from 'vitest'
import { type Change, changeFormat } from '../../topology/change.ts'
import { type Codec, type Format, text } from '../../topology/index.ts'

const codec = changeFormat(text as Format<unknown, never>).open({ topic: 'changes', part: 'value' }, undefined)

test('both values, or one of them, come back as they were', () => {
  const { encode, decode } = codec as Codec<Change>
  const values = [null, '', 'a', 'ü'.repeat(40_000)]
  for (const old of values) {
    for (const value of values) {
      if (old !== null || value !== null) expect(decode(encode({ old, value }))).toEqual({ old, value })
    }
  }
})

test('bytes that are no change are refused in words', () => {
  const { decode } = codec as Codec<Change>
  for (const bytes of [[], [0], [4, 1], [3, 0, 0], [3, 0, 0, 0, 2, 97]]) {
    expect(() => decode(new Uint8Array(bytes))).toThrow(`these ${bytes.length} bytes are not a change of a row`)
  }
})

test('what either value still needs is fetched ahead', async () => {
  const asked: string[] = []
  const slow: Format<string> = {
    name: 'slow',
    open: async () => ({
      encode: value => new Uint8Array([...value].map(letter => letter.charCodeAt(0))),
      decode: bytes => String.fromCharCode(...bytes),
      prepare: bytes =>
        bytes[0] === 97 ? Promise.resolve(asked.push(String.fromCharCode(...bytes))).then(() => {}) : undefined,
    }),
  }
  const { encode, prepare } = await changeFormat(slow as Format<unknown, never>).open(
    { topic: 't', part: 'value' },
    undefined,
  )
  expect(prepare!(encode({ old: 'b', value: 'c' }))).toBeUndefined()
  await prepare!(encode({ old: 'a1', value: null }))
  await prepare!(encode({ old: 'b', value: 'a2' }))
  await prepare!(encode({ old: 'a3', value: 'a4' }))
  expect(asked).toEqual(['a1', 'a2', 'a3', 'a4'])
})
