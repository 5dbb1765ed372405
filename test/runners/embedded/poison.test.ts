import { expect, test } from 'vitest'
import { run } from '../../../runners/host/index.ts'
import { bytes, json, text, topic, topology } from '../../../topology/index.ts'
import type { LogRecord } from '../../../topology/ports/log.ts'
import { openLog } from './folder.ts'

const raw = topic('raw', { key: text, value: json<{ number: number }>('Raw') })
const good = topic('good', { key: text, value: json<{ number: number }>('Raw') })
const dead = topic('dead', { key: bytes, value: bytes })

const careful = topology('careful', { deadLetters: dead }, draft =>
  draft
    .stream(raw)
    .map(
      ({ number }) => {
        if (number % 1_000 === 777) throw new Error(`I do not like ${number}`)
        return { number }
      },
      { as: good.value },
    )
    .to(good),
)

const howMany = 2_000
const patience = { timeout: 60_000 }

/** Which records cannot be read; of the others, those that the step refuses. */
const scenarios: Readonly<Record<string, (number: number) => boolean>> = {
  'one in a hundred': number => number % 100 === 7,
  'the first one': number => number === 0,
  'every one': () => true,
}

for (const [which, isPoison] of Object.entries(scenarios)) {
  test(`records that cannot be read, ${which}: each is one dead letter with its bytes and place, and all others pass`, async () => {
    const log = openLog()
    await log.create(['raw', 'good', 'dead'].map(name => ({ name, partitions: 1, cleanup: 'delete' as const })))
    const bytesOf = (number: number) =>
      Buffer.from(isPoison(number) ? `not json ${number}` : JSON.stringify({ number }))
    const records = Array.from({ length: howMany }, (_, number): LogRecord => {
      const headers = [['origin', Buffer.from(`${number}`)] as const]
      return { key: Buffer.from(`key-${number % 7}`), value: bytesOf(number), timestamp: 1_000 + number, headers }
    })
    log.append([{ to: { topic: 'raw', partition: 0 }, records }])
    const running = await run(careful, { log, partitions: 1 })
    await expect.poll(() => log.position('careful', { topic: 'raw', partition: 0 }), patience).toBe(howMany)
    await running.stop()
    const all = (topic: string) => log.topics.read({ topic, partition: 0 }, 0, howMany + 1).records
    const refused = (number: number) => isPoison(number) || number % 1_000 === 777
    const numbers = Array.from({ length: howMany }, (_, number) => number)
    expect(all('good').map(({ value }) => JSON.parse(Buffer.from(value!).toString()).number)).toEqual(
      numbers.filter(number => !refused(number)),
    )
    const header = ({ headers }: LogRecord, name: string) =>
      Buffer.from(headers.find(([found]) => found === `__streams.errors.${name}`)![1]!).toString()
    expect(
      all('dead').map(letter => [
        header(letter, 'offset'),
        header(letter, 'topic'),
        Buffer.from(letter.value!).toString(),
      ]),
    ).toEqual(numbers.filter(refused).map(number => [`${number}`, 'raw', bytesOf(number).toString()]))
    const reasons = all('dead').map(letter => header(letter, 'message'))
    expect(reasons.every(reason => /cannot be read|I do not like/.test(reason))).toBe(true)
    expect(all('dead').every(({ headers }) => headers.some(([name]) => name === 'origin'))).toBe(true)
  })
}

test('where no dead letters are kept, the first record that cannot be read stops its topology and says where it is', async () => {
  const log = openLog()
  const plain = topology('plain', draft => draft.stream(raw).to(good))
  await log.create([{ name: 'raw', partitions: 1, cleanup: 'delete' }])
  const record = (value: string): LogRecord => ({ key: null, value: Buffer.from(value), timestamp: 1, headers: [] })
  log.append([{ to: { topic: 'raw', partition: 0 }, records: [record('{"number":1}'), record('broken')] }])
  const running = await run(plain, { log, partitions: 1 })
  await expect(running.ended).rejects.toThrow(
    /at plain, raw, .*raw-0, offset 1\): the value at offset 1 cannot be read/,
  )
})
