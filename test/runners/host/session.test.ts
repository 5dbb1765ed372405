import { expect, onTestFinished, test } from 'vitest'
import { openSession, type SessionOptions } from '../../../runners/host/index.ts'
import { text, topic, topology } from '../../../topology/index.ts'
import { Notes, openLog, textsOf, until } from './world.ts'

const words = topic('words', { key: text, value: text, partitions: 1 })
const loud = topic('loud', { key: text, value: text, partitions: 1 })
const quiet = topic('quiet', { key: text, value: text, partitions: 1 })
const shout = topology('shout', draft =>
  draft
    .stream(words)
    .map(word => word.toUpperCase(), { as: text })
    .to(loud),
)
const whisper = topology('whisper', draft =>
  draft
    .stream(words)
    .map(
      word => {
        if (word === 'No') throw new Error('it is not to be whispered')
        return word.toLowerCase()
      },
      { as: text },
    )
    .to(quiet),
)

const opened = async (options: Partial<SessionOptions> = {}) => {
  const log = openLog()
  const notes = new Notes()
  const session = await openSession({
    ...{ log, topologies: [shout, whisper], partitions: 1, observer: () => notes, http: { port: 0 } },
    ...options,
  })
  onTestFinished(() => session.stop().catch(() => {}))
  const say = (word: string) =>
    log.append([
      {
        to: { topic: 'words', partition: 0 },
        records: [{ key: null, value: Buffer.from(word), timestamp: 1, headers: [] }],
      },
    ])
  const health = async () => (await fetch(`${session.url}/health`)).status
  return { log, notes, session, say, health }
}

test('several topologies run on one log, with one server for all', async () => {
  const { log, session, say, health } = await opened()
  say('Yes')
  await until(
    async () => (await textsOf(log, 'loud')).length + (await textsOf(log, 'quiet')).length === 2,
    'both words',
  )
  expect([await textsOf(log, 'loud'), await textsOf(log, 'quiet')]).toEqual([['YES'], ['yes']])
  expect(await health()).toBe(200)
  expect(await (await fetch(`${session.url}/metrics`)).text()).toMatch(
    /franz_records_in_total\{topology="shout"\} 1\nfranz_records_in_total\{topology="whisper"\} 1/,
  )
  await session.stop()
  await session.ended
})

test('where one ends by an error, the others stop with it', async () => {
  const { session, say, notes } = await opened()
  say('No')
  await expect(session.ended).rejects.toThrow('it is not to be whispered')
  expect(notes.lines.some(line => line.startsWith('error: it has ended: STEP_FAILED'))).toBe(true)
  for (const { ended } of session.running) await Promise.race([ended.catch(() => {}), Promise.resolve()])
})

test('with `go on` the others go on, and health says that one is missing', async () => {
  const { log, session, say, health } = await opened({ onError: 'go on' })
  say('No')
  await until(async () => (await health()) === 503, 'trouble')
  say('Yes')
  await until(async () => (await textsOf(log, 'loud')).length === 2, 'two loud words')
  expect(await textsOf(log, 'loud')).toEqual(['NO', 'YES'])
  await session.stop()
})

test('a topology that cannot start leaves none of the others running', async () => {
  const broken = topology('broken', draft => draft.sink('nowhere', words))
  const log = openLog()
  await expect(openSession({ log, topologies: [shout, broken], partitions: 1 })).rejects.toThrow('UNBOUND at broken')
  const again = await openSession({ log, topologies: [shout], partitions: 1 })
  await again.stop()
})
