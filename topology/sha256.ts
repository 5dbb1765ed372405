// SHA-256 as FIPS 180-4 describes it. What people write is hashed with it, so nobody must be able to make two texts alike.

/** The first 32 bits of the fractional parts of the roots of the first primes, which the standard takes its constants from. */
const fractions = (count: number, root: (prime: number) => number): Uint32Array => {
  const found = new Uint32Array(count)
  for (let number = 2, at = 0; at < count; number++) {
    let prime = true
    for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) prime = false
    if (!prime) continue
    const value = root(number)
    found[at++] = Math.floor((value - Math.floor(value)) * 0x1_0000_0000)
  }
  return found
}

const rounds = fractions(64, Math.cbrt)
const initial = fractions(8, Math.sqrt)
const blockBytes = 64
const words = new Int32Array(64)

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

const mix = (state: Int32Array, view: DataView, at: number): void => {
  for (let index = 0; index < 16; index++) words[index] = view.getInt32(at + index * 4)
  for (let index = 16; index < 64; index++) {
    const early = words[index - 15]!
    const late = words[index - 2]!
    const small = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3)
    const large = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10)
    words[index] = words[index - 16]! + small + words[index - 7]! + large
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let index = 0; index < 64; index++) {
    const large = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
    const first = (h + large + ((e & f) ^ (~e & g)) + rounds[index]! + words[index]!) | 0
    const small = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
    const second = (small + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  const mixed = [a, b, c, d, e, f, g, h]
  for (let index = 0; index < 8; index++) state[index] = state[index]! + mixed[index]!
}

export const sha256 = (bytes: Uint8Array): Uint8Array => {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / blockBytes) * blockBytes)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x2000_0000))
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0)
  const state = new Int32Array(initial)
  for (let at = 0; at < padded.length; at += blockBytes) mix(state, view, at)
  const digest = new Uint8Array(32)
  const out = new DataView(digest.buffer)
  state.forEach((word, index) => {
    out.setInt32(index * 4, word)
  })
  return digest
}
