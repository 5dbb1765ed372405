import type { Chance } from '../../conformance-avro/random.ts'

const frameBytes = 5

/** Counts and lengths that no datum can hold, as Avro writes them. */
const hugeCounts = [
  'feffffff0f',
  'ffffffff0f',
  'feffffffffffffffff01',
  'ffffffffffffffffff01',
  '8080808080808080808001',
  'fe07',
  '80897a',
  'ffffffffffffffffffffffff',
].map(hex => Buffer.from(hex, 'hex'))

type Mutation = (bytes: Buffer, chance: Chance, others: readonly Buffer[]) => Buffer

const flipBits: Mutation = (bytes, chance) => {
  const copy = Buffer.from(bytes)
  for (let left = 1 + chance.below(4); left > 0; left--) {
    const at = frameBytes + chance.below(Math.max(1, copy.length - frameBytes))
    if (at < copy.length) copy[at]! ^= 1 << chance.below(8)
  }
  return copy
}

const setByte: Mutation = (bytes, chance) => {
  const copy = Buffer.from(bytes)
  const at = frameBytes + chance.below(Math.max(1, copy.length - frameBytes))
  if (at < copy.length) copy[at] = chance.pick([0, 1, 2, 0x7f, 0x80, 0xfe, 0xff])
  return copy
}

const truncate: Mutation = (bytes, chance) => bytes.subarray(0, chance.below(bytes.length))

const insert: Mutation = (bytes, chance) => {
  const at = frameBytes + chance.below(Math.max(1, bytes.length - frameBytes + 1))
  const rest = chance.often(0.5) ? at : Math.min(bytes.length, at + 1)
  return Buffer.concat([bytes.subarray(0, at), chance.pick(hugeCounts), bytes.subarray(rest)])
}

const splice: Mutation = (bytes, chance, others) => {
  const other = chance.pick(others)
  const from = frameBytes + chance.below(Math.max(1, other.length - frameBytes))
  const at = frameBytes + chance.below(Math.max(1, bytes.length - frameBytes))
  return Buffer.concat([bytes.subarray(0, at), other.subarray(from)])
}

const repeat: Mutation = (bytes, chance) => {
  const from = frameBytes + chance.below(Math.max(1, bytes.length - frameBytes))
  const piece = bytes.subarray(from, from + 1 + chance.below(20))
  return Buffer.concat([
    bytes.subarray(0, from),
    ...Array.from({ length: chance.below(30) }, () => piece),
    bytes.subarray(from),
  ])
}

const wrongFrame: Mutation = (bytes, chance) => {
  const copy = Buffer.from(bytes)
  if (chance.often(0.3)) copy[0] = 1 + chance.below(255)
  else copy.writeUInt32BE(chance.below(chance.often(0.5) ? 2 ** 32 : 400), 1)
  return copy
}

const mutations = [flipBits, flipBits, setByte, truncate, insert, insert, splice, repeat, wrongFrame]

/** The bytes of a framed record, damaged in one or two ways. */
export const mutated: Mutation = (bytes, chance, others) => {
  const once = chance.pick(mutations)(bytes, chance, others)
  return chance.often(0.3) && once.length > frameBytes ? chance.pick(mutations)(once, chance, others) : once
}
