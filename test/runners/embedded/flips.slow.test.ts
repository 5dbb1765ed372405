import { expect, test } from 'vitest'
import { flipped, folderOf, readThrough, written } from './flipped.ts'
import { Other } from './other.ts'

test('a flipped bit in a record or a value is noticed when it is read, and never read as if it were right', async () => {
  const flips = 200
  const whole = await written()
  const expected = await readThrough(folderOf(whole))
  // Bytes of records and rows: what stands in LMDB's own pages has no check sum.
  const places = [...whole.keys()].filter(at => whole[at] === 0x78 || whole[at] === 0x77)
  let noticed = 0
  for (let flip = 0; flip < flips; flip++) {
    const at = places[Math.floor((flip / flips) * places.length)]!
    const found = await readThrough(folderOf(flipped(whole, at, flip % 8)))
    if (found === expected) continue
    expect(found, `a flip at ${at}`).toMatch(/^error: .* is damaged: .* has not the check sum that it was written with/)
    noticed++
  }
  expect(noticed).toBeGreaterThan(flips / 2)
})

test('a flipped bit in what LMDB itself keeps is told, ends the process, or is found by reading all: none goes unseen', async () => {
  const flips = 120
  const whole = await written()
  const expected = await readThrough(folderOf(whole))
  // All but zeros, and but what the records and rows are filled with.
  const places = [...whole.keys()].filter(at => ![0, 0x78, 0x77].includes(whole[at]!))
  let reader = new Other([], { program: 'reading-process.ts' })
  expect(await reader.says()).toBe('ready')
  const outcomes = { harmless: 0, told: 0, found: 0, ended: 0 }
  for (let flip = 0; flip < flips; flip++) {
    const at = places[Math.floor((flip / flips) * places.length)]!
    reader.tell(folderOf(flipped(whole, at, flip % 8)))
    const said = await Promise.race([reader.says(), reader.ended])
    expect(said, `a flip at ${at}`).toMatch(/^(content|error|check): |^it ended with /)
    if (said === expected) outcomes.harmless++
    else if (said.startsWith('error')) outcomes.told++
    else if (said.startsWith('check')) outcomes.found++
    else {
      expect(said, `a flip at ${at} is not noticed`).not.toMatch(/^content/)
      outcomes.ended++
      reader = new Other([], { program: 'reading-process.ts' })
      expect(await reader.says()).toBe('ready')
    }
  }
  expect(outcomes.told).toBeGreaterThan(flips / 10)
})
