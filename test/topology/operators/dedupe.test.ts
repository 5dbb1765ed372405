import { expect, test } from 'vitest'
import { json, text, topic, topology } from '../../../topology/index.ts'
import { type CommitStep, commitSteps, drive } from '../../../topology/testing.ts'
import { binaryOf } from '../../../topology/text.ts'

interface Mail {
  readonly id: string
  readonly body: string
}

const mails = topic('mails', { key: text, value: json<Mail>('Mail') })
const once = topic('once', { key: text, value: json<Mail>('Mail') })

const byId = topology('mails-once', draft => {
  draft
    .stream(mails)
    .dedupe('seen-mails', { by: mail => mail.id, within: '10s' })
    .to(once)
})

const byKey = topology('keys-once', draft => {
  // A stream whose values cannot be written: nothing of them is kept.
  draft
    .stream(mails)
    .map(mail => mail)
    .dedupe('seen-keys', { within: '10s' })
    .to(once)
})

type World = Awaited<ReturnType<typeof drive>>
const bodies = async (world: World) => (await world.read(once)).map(({ value }) => value.body)

test('a record is dropped whose identity passed within the time, both ends included', async () => {
  const dropped: string[] = []
  const observer = { dropped: (operator: string, reason: string) => dropped.push(`${operator}: ${reason}`) }
  const world = await drive(byId, { partitions: 2, observer })
  const mail = (id: string, body: string, timestamp: number) => world.send(mails, 'k', { id, body }, timestamp)
  await mail('a', 'first', 1_000)
  await mail('b', 'other', 1_000)
  await mail('a', 'again', 11_000)
  expect(await bodies(world)).toEqual(['first', 'other'])
  await mail('a', 'much later', 11_001)
  expect(await bodies(world)).toEqual(['much later'])
  expect(dropped).toEqual(['dedupe seen-mails: duplicate'])
})

test('what comes again late is known by the time at which it first came', async () => {
  const world = await drive(byId, { partitions: 1 })
  const mail = (id: string, body: string, timestamp: number) => world.send(mails, 'k', { id, body }, timestamp)
  await mail('now', 'on time', 60_000)
  await mail('old', 'late', 1_000)
  await mail('old', 'late again', 1_000)
  expect(await bodies(world)).toEqual(['on time', 'late'])
})

test('without `by` the key is the identity, and a null key has none', async () => {
  const dropped: string[] = []
  const world = await drive(byKey, {
    partitions: 3,
    observer: { dropped: (_operator, reason) => dropped.push(reason) },
  })
  for (const [key, body] of [
    ['a', '1'],
    ['b', '2'],
    ['a', '3'],
    [null, '4'],
  ] as const)
    await world.send(mails, key, { id: body, body })
  expect((await bodies(world)).sort()).toEqual(['1', '2'])
  expect(dropped).toEqual(['duplicate', 'null key'])
})

test('its state expires, in the changelog too', async () => {
  const world = await drive(byId, { partitions: 1 })
  for (let at = 0; at < 500; at++) await world.send(mails, 'k', { id: `mail-${at}`, body: '' }, at * 1_000)
  const kept = new Map<string, unknown>()
  for (const { key, value } of await world.readBytes('mails-once-seen-mails-changelog')) {
    if (value === null) kept.delete(binaryOf(key!))
    else kept.set(binaryOf(key!), value)
  }
  // 11 identities within the time, each with its place in time; and the stream time.
  expect([...kept.keys()].filter(key => key.includes('mail-')).length).toBe(22)
})

test('an identity without a text is refused in the name of the operator', async () => {
  const world = await drive(byId, { partitions: 1 })
  await expect(world.send(mails, 'k', { body: 'no id' } as Mail)).rejects.toThrow(
    'VALUE_WRONG at mails-once, dedupe seen-mails (mails-0, offset 0): its `by` gave undefined',
  )
})

test('crashes, aborted commits and lost answers let no duplicate pass and lose nothing', async () => {
  const story = async (world: World) => {
    for (let at = 0; at < 30; at++) {
      const id = `mail-${(at * 7) % 11}`
      await world.send(mails, id, { id, body: `${at}` }, at * 900)
    }
    return (await bodies(world)).sort()
  }
  const calm = await story(await drive(byId, { partitions: 2 }))
  expect(calm.length).toBeLessThan(30)
  for (const fault of ['crash', 'abort', 'lose answer'] as const) {
    for (const step of commitSteps) {
      let seen = 0
      const faults = (at: CommitStep) => (at === step && ++seen % 4 === 0 ? fault : undefined)
      expect(await story(await drive(byId, { partitions: 2, faults })), `${fault} at ${step}`).toEqual(calm)
    }
  }
})
