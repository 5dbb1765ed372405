import { expect, test } from 'vitest'
import { lacks } from '../../../parts/parts.ts'
import { killed } from './programme.ts'

const rounds = Number(process.env.KILLS ?? 50)

/** The same numbers for the same seed. */
const chanceOf = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32
  return seed / 2 ** 32
}

const repeated = (keys: readonly string[]) => keys.filter((key, at) => keys.indexOf(key) !== at)

test.skipIf(lacks('greenmail'))(
  `${rounds} kills of the connectors while tickets flow: no mail is lost or recorded twice, nor any ticket that a user was told of`,
  async () => {
    const seed = Date.now() % 2 ** 31
    const outcome = await killed(rounds, chanceOf(seed))
    console.log(
      `seed ${seed}: ${outcome.kills} kills with work left, ${outcome.voided} more when all was done; ${outcome.mails} mails, ` +
        `${outcome.discordRecords.length} tickets typed; second channels ${outcome.secondChannels}, second messages ${outcome.secondMessages}`,
    )
    expect(repeated(outcome.mailRecords)).toEqual([])
    expect(outcome.mailRecords).toHaveLength(outcome.mails)
    expect(repeated(outcome.discordRecords)).toEqual([])
    expect(outcome.acknowledged.filter(id => !outcome.discordRecords.includes(id))).toEqual([])
    expect(outcome.ticketsWithoutChannel).toBe(0)
    // Out to Discord the promise is: at least once, and what is second is seen and told.
    expect(outcome.secondChannels).toBeLessThanOrEqual(outcome.kills)
    if (outcome.secondChannels > 0) expect(outcome.told.join('\n')).toMatch(/have a second channel/)
  },
)

test.skipIf(lacks('greenmail'))('a source that does not commit its place with the record is found out', async () => {
  const { mailRecords } = await killed(6, chanceOf(7), true)
  expect(repeated(mailRecords).length).toBeGreaterThan(0)
})
