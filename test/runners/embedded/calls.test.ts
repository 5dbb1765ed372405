import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { run } from '../../../runners/host/index.ts'
import { call, json, text, topic, topology } from '../../../topology/index.ts'
import { openLog, record } from './folder.ts'

// A call that misbehaves, on a durable log: every record gets its answer or its fallback, in the order of its key; others
// are not held up; attempts stay within their number; and after a restart nothing that was answered is asked again.

interface Label {
  readonly label: string
}

const asked = topic('asked', { key: text, value: text })
const labelled = topic('labelled', { key: text, value: json<Label & { text: string }>('Labelled') })
const labeller = call({ question: json<{ text: string }>('Question'), answer: json<Label>('Label') })

const attempts = 2
const labelling = topology('labelling', draft =>
  draft
    .stream(asked)
    .enrich('label', labeller, {
      ask: value => ({ text: value }),
      merge: (value, { label }) => {
        if (typeof label !== 'string' || label.length > 1_000) throw new Error('that is no label')
        return { text: value, label }
      },
      as: labelled.value,
      inFlight: 20,
      timeout: '1s',
      retry: { attempts, backoff: '10ms' },
      otherwise: () => ({ label: 'fallback' }),
      remember: '1h',
    })
    .to(labelled),
)

const keys = 10
const perKey = 4
const texts = Array.from({ length: keys * perKey }, (_, number) => `text ${number}`)
const isBad = (value: string) => Number(value.split(' ')[1]) % keys === 3

type Answer = (signal: AbortSignal) => Promise<Label>

const misbehaviours: Readonly<Record<string, Answer>> = {
  'never answers': () => new Promise(() => {}),
  fails: async () => {
    throw new Error('500 Internal Server Error')
  },
  'fails without an error': () => Promise.reject(undefined),
  'throws at once': () => {
    throw new Error('refused')
  },
  'answers nothing': async () => undefined as unknown as Label,
}

const outputs = (log: ReturnType<typeof openLog>) =>
  log.topics
    .read({ topic: 'labelled', partition: 0 }, 0, 1_000)
    .records.map(
      ({ key, value }) => [Buffer.from(key!).toString(), JSON.parse(Buffer.from(value!).toString())] as const,
    )

for (const [how, misbehave] of Object.entries(misbehaviours)) {
  test(`a call that ${how} for one key costs that key its answers, and nobody else anything`, async () => {
    const log = openLog()
    await log.create([{ name: 'asked', partitions: 1, cleanup: 'delete' }])
    const made = new Map<string, number>()
    const label = async ({ text }: { text: string }, signal: AbortSignal): Promise<Label> => {
      made.set(text, (made.get(text) ?? 0) + 1)
      if (isBad(text)) return misbehave(signal)
      await pause(1)
      return { label: `label of ${text}` }
    }
    const records = texts.map((value, number) => record(`key-${number % keys}`, value, 1_000 + number))
    log.append([{ to: { topic: 'asked', partition: 0 }, records }])
    const running = await run(labelling, { log, partitions: 1, calls: { label: label as never } })
    const good = texts.filter(value => !isBad(value)).length
    await expect.poll(() => outputs(log).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(good)
    await expect.poll(() => outputs(log).length, { timeout: 30_000 }).toBe(texts.length)
    await running.stop()
    const found = outputs(log)
    for (let key = 0; key < keys; key++) {
      const expected = texts
        .filter((_, number) => number % keys === key)
        .map(value => ({ text: value, label: isBad(value) ? 'fallback' : `label of ${value}` }))
      expect(found.filter(([of]) => of === `key-${key}`).map(([, value]) => value)).toEqual(expected)
    }
    for (const value of texts) expect(made.get(value)).toBeLessThanOrEqual(attempts)
  })
}

test('what was answered is not asked again after a restart, what waited is', async () => {
  const log = openLog()
  await log.create([{ name: 'asked', partitions: 1, cleanup: 'delete' }])
  const asks: string[] = []
  const label = async ({ text }: { text: string }): Promise<Label> => {
    asks.push(text)
    return isBad(text) && asks.length <= texts.length ? new Promise(() => {}) : { label: 'x' }
  }
  log.append([
    { to: { topic: 'asked', partition: 0 }, records: texts.map((value, at) => record(`key-${at % keys}`, value)) },
  ])
  const first = await run(labelling, { log, partitions: 1, calls: { label } })
  const answered = texts.filter(value => !isBad(value))
  await expect.poll(() => outputs(log).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(answered.length)
  await first.stop()
  const before = asks.splice(0)
  const again = await run(labelling, { log, partitions: 1, calls: { label: async () => ({ label: 'later' }) } })
  await expect.poll(() => outputs(log).length, { timeout: 30_000 }).toBe(texts.length)
  // The same texts once more: the memory of answers is committed with them.
  log.append([
    { to: { topic: 'asked', partition: 0 }, records: answered.map((value, at) => record(`key-${at % keys}`, value)) },
  ])
  await expect.poll(() => outputs(log).length, { timeout: 30_000 }).toBe(texts.length + answered.length)
  await again.stop()
  expect(asks).toEqual([])
  expect(new Set(before).size).toBeGreaterThanOrEqual(answered.length)
  expect(
    outputs(log)
      .slice(texts.length)
      .every(([, value]) => value.label === 'x'),
  ).toBe(true)
})
