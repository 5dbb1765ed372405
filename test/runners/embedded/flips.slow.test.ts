import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EmbeddedLog } from '../../../runners/embedded/log.ts'
import { append, emptyFolder, logOf, record } from './folder.ts'

const flips = 200
const store = { store: 'sums', partition: 0, changelog: 'flip-sums-changelog' }

/** Everything in the folder, as its readers see it. */
const content = (log: EmbeddedLog): string => {
  const records = log.topics.read({ topic: 'topic', partition: 0 }, 0, 100_000).records
  const lines = records.map(({ offset, key, value }) => `${offset} ${Buffer.from(key!)} ${Buffer.from(value!)}`)
  const rows = [...log.store(store).range(undefined, undefined)].map(
    ([key, value]) => `${Buffer.from(key)} ${Buffer.from(value)}`,
  )
  return [...lines, ...rows].join('\n')
}

test('a flipped bit in a record or a value is noticed when it is read, and never read as if it were right', async () => {
  const folder = emptyFolder()
  const log = await logOf({}, {}, folder)
  for (let batch = 0; batch < 20; batch++)
    append(
      log,
      ...Array.from({ length: 50 }, (_, at) => record(`key-${at}`, `value ${batch} ${at} ${'x'.repeat(100)}`)),
    )
  const member = await log.join('flip', 'one', [], { assigned() {}, revoked() {}, lost() {} })
  const entries = Array.from(
    { length: 1_000 },
    (_, at) => [Buffer.from(`key-${at}`), Buffer.from(`row ${at} `.repeat(8))] as const,
  )
  await member.commit({ appends: [], changes: [{ ...store, entries }], positions: [] })
  await member.close()
  const expected = content(log)
  await log.close()
  const whole = readFileSync(join(folder, 'log/data.mdb'))
  // Bytes of records and rows: what stands in LMDB's own pages has no check sum.
  const places = [...Array(whole.length).keys()].filter(at => whole[at] === 0x78 || whole[at] === 0x77)
  const outcomes = { noticed: 0, harmless: 0 }
  for (let flip = 0; flip < flips; flip++) {
    const broken = emptyFolder()
    const copy = Buffer.from(whole)
    const at = places[Math.floor((flip / flips) * places.length)]!
    copy[at] = copy[at]! ^ (1 << (flip % 8))
    await logOf({}, {}, broken).then(fresh => fresh.close())
    writeFileSync(join(broken, 'log/data.mdb'), copy)
    const opened = EmbeddedLog.open(broken)
    try {
      expect(content(opened), `a flip at ${at}`).toBe(expected)
      outcomes.harmless++
    } catch (error) {
      expect((error as Error).message).toContain('has not the check sum that it was written with')
      outcomes.noticed++
    } finally {
      await opened.close()
    }
  }
  expect(outcomes.noticed).toBeGreaterThan(flips / 2)
})
