import { expect, test } from 'vitest'
import type { EmbeddedLog } from '../../../runners/embedded/log.ts'
import type { Codec, Delivery, ErrorReport, OpenSink, Outgoing, SinkConnector } from '../../../topology/index.ts'
import { json, text, topic, topology, whole } from '../../../topology/index.ts'
import { Notes, openLog, started, textsOf, until } from './world.ts'

const words = topic('words', { key: text, value: text, partitions: 1 })
const numbers = topic('numbers', { key: text, value: whole, partitions: 1 })
const receipts = topic('receipts', { key: text, value: text, partitions: 1 })
const letters = topic('letters', { key: text, value: text, partitions: 1 })
const errors = topic('errors', { key: text, value: json<ErrorReport>('ErrorReport'), partitions: 1 })
const printing = topology('printing', draft => draft.sink('printer', words))

const write = (log: EmbeddedLog, topic: string, ...values: (string | null)[]) =>
  log.append([
    {
      to: { topic, partition: 0 },
      records: values.map(value => ({
        key: Buffer.from('a'),
        value: value === null ? null : Buffer.from(value),
        timestamp: 7,
        headers: [],
      })),
    },
  ])

const withTopics = async (...names: readonly string[]): Promise<EmbeddedLog> => {
  const log = openLog()
  await log.create(names.map(name => ({ name, partitions: 1, cleanup: 'delete' as const })))
  return log
}

/** A sink of what a function does with each batch. */
const sinkOf = (
  deliver: (records: readonly Outgoing<string, string>[]) => Promise<Delivery | undefined> | Delivery | undefined,
  more: Partial<OpenSink<string, string>> = {},
): SinkConnector<string, string> => ({
  open: async () => ({ deliver: async records => deliver(records), close: async () => {}, ...more }),
})

test('a sink gets what its topics hold, deletions too, and a restart goes on behind what was written', async () => {
  const log = await withTopics('words')
  const printed: (string | null)[] = []
  const printer = sinkOf(records => {
    printed.push(...records.map(({ value }) => value))
    return undefined
  })
  write(log, 'words', 'one', null)
  const first = await started(printing, { log, sinks: { printer } })
  await until(() => printed.length === 2, 'two words')
  await first.stop()
  write(log, 'words', 'three')
  await started(printing, { log, sinks: { printer } })
  await until(() => printed.length >= 3, 'a third word')
  expect(printed).toEqual(['one', null, 'three'])
})

test('what a sink throws is told, and the same records come again, in their order', async () => {
  const log = await withTopics('words')
  const notes = new Notes()
  const tries: string[] = []
  const printer = sinkOf(records => {
    tries.push(records.map(({ value }) => value).join(' '))
    if (tries.length < 3) throw new Error('out of paper')
    return undefined
  })
  write(log, 'words', 'one', 'two')
  await started(printing, { log, observer: notes, sinks: { printer } })
  await until(() => tries.length >= 3, 'three tries')
  write(log, 'words', 'three')
  await until(() => tries.length >= 4, 'the next words')
  expect(tries).toEqual(['one two', 'one two', 'one two', 'three'])
  expect(notes.lines).toEqual([
    expect.stringMatching(/^warn: out of paper\. Trying/),
    expect.stringMatching(/^warn: out of paper/),
  ])
})

test('where a sink keeps positions by itself, the earlier one of the sink and the log counts', async () => {
  const log = await withTopics('words')
  write(log, 'words', 'one', 'two', 'three')
  const printed: (string | null)[] = []
  const keep = (records: readonly Outgoing<string, string>[]) => {
    printed.push(...records.map(({ value }) => value))
    return undefined
  }
  const at = (offset: number) => sinkOf(keep, { assigned: async () => [{ topic: 'words', partition: 0, offset }] })
  const first = await started(printing, { log, sinks: { printer: at(2) } })
  // It has written two of them, and the commit that tells what became of those is missing: they come again.
  await until(() => printed.length === 3, 'all words')
  await first.stop()
  // It has lost what it wrote: the log alone would go on behind the end.
  const second = await started(printing, { log, sinks: { printer: at(0) } })
  await until(() => printed.length === 6, 'all words again')
  expect(printed).toEqual(['one', 'two', 'three', 'one', 'two', 'three'])
  await second.stop()
  const third = await started(printing, { log, sinks: { printer: at(9) } })
  await expect(third.ended).rejects.toThrow('the sink has kept offset 9 of words/0, which ends at 3')
})

test('refused and unreadable records become dead letters with a report, in the commit of the position', async () => {
  const log = await withTopics('numbers', 'letters', 'errors')
  const strict = topology('strict', { deadLetters: letters, errors }, draft => draft.sink('meter', numbers))
  const taken: (number | null)[] = []
  const meter: SinkConnector<string, number> = {
    open: async () => ({
      async deliver(records) {
        taken.push(...records.map(({ value }) => value))
        return {
          refused: records.filter(({ value }) => value === 13).map(record => ({ record, reason: 'unlucky' })),
        }
      },
      close: async () => {},
    }),
  }
  const notes = new Notes()
  const codec = whole.open({ topic: 'numbers', part: 'value' }, undefined) as Codec<number>
  const bytes = (value: number) => Buffer.from(codec.encode(value))
  const record = (value: Buffer) => ({
    key: Buffer.from('a'),
    value,
    timestamp: 7,
    headers: [['trace', Buffer.from('1')]] as const,
  })
  log.append([
    {
      to: { topic: 'numbers', partition: 0 },
      records: [record(bytes(1)), record(Buffer.from('no')), record(bytes(13))],
    },
  ])
  await started(strict, { log, observer: notes, sinks: { meter } })
  await until(async () => (await textsOf(log, 'errors')).length === 2, 'two reports')
  expect(taken).toEqual([1, 13])
  const { records } = await log.read({ topic: 'letters', partition: 0 }, 0, 10)
  const header = (at: number, name: string) =>
    Buffer.from(records[at]!.headers.find(([found]) => found === name)![1]!).toString()
  expect(records.map(({ value }) => Buffer.from(value!).toString('latin1'))).toEqual([
    'no',
    bytes(13).toString('latin1'),
  ])
  expect(
    [0, 1].map(at => [
      header(at, 'trace'),
      header(at, '__streams.errors.topic'),
      header(at, '__streams.errors.offset'),
    ]),
  ).toEqual([
    ['1', 'numbers', '1'],
    ['1', 'numbers', '2'],
  ])
  expect(header(1, '__streams.errors.message')).toMatch(/REFUSED at strict\.meter: unlucky/)
  expect(notes.failures).toHaveLength(2)
})

test('without a policy for errors a refused record stops the topology, and says which one it was', async () => {
  const log = await withTopics('words')
  write(log, 'words', 'one', 'bad')
  const printer = sinkOf(records => ({
    refused: records.filter(({ value }) => value === 'bad').map(record => ({ record, reason: 'a bad word' })),
  }))
  const running = await started(printing, { log, sinks: { printer } })
  await expect(running.ended).rejects.toThrow('REFUSED at printing.printer (words-0, offset 1): a bad word')
})

test('what a sink appends is in the commit of its position, though its topology knows nothing of the topic', async () => {
  const log = await withTopics('words')
  write(log, 'words', 'one', 'two')
  const printer = sinkOf(records => ({
    appends: records.map(({ value }) => ({ topic: receipts, key: value, value: `printed ${value}` })),
  }))
  await started(printing, { log, sinks: { printer } })
  await until(async () => (await textsOf(log, 'receipts')).length === 2, 'two receipts')
  expect((await textsOf(log, 'receipts')).sort()).toEqual(['printed one', 'printed two'])
})

test('a sink that is slow holds back its own reading: one batch is with it, the rest stays in the log', async () => {
  const log = await withTopics('words')
  let most = 0
  let running = 0
  let seen = 0
  const printer = sinkOf(async records => {
    running++
    most = Math.max(most, running)
    await new Promise(resolve => setTimeout(resolve, 5))
    seen += records.length
    running--
    expect(records.length).toBeLessThanOrEqual(500)
    return undefined
  })
  write(log, 'words', ...Array.from({ length: 2_600 }, (_, at) => String(at)))
  await started(printing, { log, sinks: { printer } })
  await until(() => seen === 2_600, 'all words')
  expect(most).toBe(1)
})

test('a sink that ends by itself is opened anew, and told again what is its own', async () => {
  const log = await withTopics('words')
  const acts: string[] = []
  const printer: SinkConnector<string, string> = {
    async open() {
      acts.push('open')
      let fail: (error: Error) => void = () => {}
      const ended = new Promise<never>((_, reject) => {
        fail = reject
      })
      return {
        ended,
        assigned: async partitions => {
          acts.push(`assigned ${partitions.length}`)
          return []
        },
        async deliver(records) {
          acts.push(records.map(({ value }) => value).join(' '))
          if (acts.length < 5) fail(new Error('the printer was unplugged'))
          return undefined
        },
        close: async () => void acts.push('close'),
      }
    },
  }
  await started(printing, { log, sinks: { printer } })
  write(log, 'words', 'one')
  await until(() => acts.includes('close'), 'the first end')
  write(log, 'words', 'two')
  await until(() => acts.includes('two'), 'the second word')
  expect(acts).toEqual(['open', 'assigned 1', 'one', 'close', 'open', 'assigned 1', 'two'])
})

test('a sink can read a topic whole, as one that keeps a map of what it made outside', async () => {
  const log = await withTopics('words')
  write(log, 'words', 'one', 'two')
  const found: (string | null)[] = []
  const printer: SinkConnector<string, string> = {
    async open({ read, logId }) {
      expect(logId).toBe(log.id)
      for await (const { value, offset } of read(words)) found.push(`${offset} ${value}`)
      return { deliver: async () => undefined, close: async () => {} }
    },
  }
  await started(printing, { log, sinks: { printer } })
  await until(() => found.length === 2, 'both words')
  expect(found).toEqual(['0 one', '1 two'])
})

test('a sink that hangs keeps no topology from stopping, and what it was given comes again', async () => {
  const log = await withTopics('words')
  write(log, 'words', 'one')
  const given: (string | null)[] = []
  const hanging: SinkConnector<string, string> = {
    open: async ({ signal }) => ({
      deliver(records) {
        given.push(...records.map(({ value }) => `${value}${signal.aborted ? ' too late' : ''}`))
        return new Promise(() => {})
      },
      close: () => new Promise(() => {}),
    }),
  }
  const notes = new Notes()
  const running = await started(printing, { log, observer: notes, sinks: { printer: hanging } })
  await until(() => given.length === 1, 'a word')
  await running.stop()
  expect(notes.lines.some(line => line.startsWith('error: the sink did not close within 3 s'))).toBe(true)
  const printed: (string | null)[] = []
  const printer = sinkOf(records => {
    printed.push(...records.map(({ value }) => value))
    return undefined
  })
  await started(printing, { log, sinks: { printer } })
  await until(() => printed.length === 1, 'the word again')
  expect([given, printed]).toEqual([['one'], ['one']])
})
