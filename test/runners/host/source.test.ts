import { expect, test } from 'vitest'
import type { Feed, SourceConnector } from '../../../topology/index.ts'
import { text, topic, topology, whole } from '../../../topology/index.ts'
import { Notes, newFolder, openLog, started, textsOf, until } from './world.ts'

const mails = topic('mails', { key: text, value: text, partitions: 1 })
const loud = topic('loud', { key: text, value: text, partitions: 1 })
const desk = topology('desk', draft =>
  draft
    .source('inbox', mails)
    .map(mail => mail.toUpperCase(), { as: text })
    .to(loud),
)

/** Counts upwards from where its cursor says, one record in each append. */
const counting = (end: number, opened: (string | undefined)[] = []): SourceConnector<string, string> => ({
  async open(feed) {
    opened.push(feed.cursor)
    const work = (async () => {
      for (let next = Number(feed.cursor ?? 0) + 1; next <= end && !feed.signal.aborted; next++)
        await feed.append([{ key: 'a', value: `mail ${next}` }], String(next))
    })()
    return {
      ended: work.then(() => new Promise<never>(() => {})),
      close: async () => void (await work.catch(() => {})),
    }
  },
})

test('what a source appends goes through the topology, and a restart goes on at its cursor', async () => {
  const folder = newFolder()
  const opened: (string | undefined)[] = []
  const log = openLog(folder)
  const first = await started(desk, { log, sources: { inbox: counting(20, opened) } })
  await until(async () => (await textsOf(log, 'loud')).length === 20, '20 loud mails')
  await first.stop()
  await started(desk, { log, sources: { inbox: counting(30, opened) } })
  await until(async () => (await textsOf(log, 'loud')).length === 30, '30 loud mails')
  expect(await textsOf(log, 'loud')).toEqual(Array.from({ length: 30 }, (_, at) => `MAIL ${at + 1}`))
  expect(opened).toEqual([undefined, '20'])
})

test('appends that nobody waits for are committed together, in their order', async () => {
  const log = openLog()
  const commits: number[] = []
  const burst: SourceConnector<string, string> = {
    async open(feed) {
      const all = Array.from({ length: 1_000 }, (_, at) => feed.append([{ key: 'a', value: String(at) }], String(at)))
      await Promise.all(all)
      return { close: async () => {} }
    },
  }
  const ends = log.commit.bind(log)
  log.commit = (group, epoch, commit) => {
    if (group === 'desk.inbox') commits.push(commit.appends.reduce((sum, { records }) => sum + records.length, 0))
    return ends(group, epoch, commit)
  }
  await started(desk, { log, sources: { inbox: burst } })
  await until(async () => (await textsOf(log, 'mails')).length === 1_000, 'all mails')
  expect(await textsOf(log, 'mails')).toEqual(Array.from({ length: 1_000 }, (_, at) => String(at)))
  expect(commits.length).toBeLessThan(20)
})

test('a source that cannot open, and one that breaks, are told and tried again after a pause', async () => {
  const notes = new Notes()
  let tries = 0
  const shaky: SourceConnector<string, string> = {
    async open(feed) {
      tries++
      if (tries === 1) throw new Error('the mail server is away')
      if (tries === 2) return { ended: Promise.reject(new Error('the mail server hung up')), close: async () => {} }
      await feed.append([{ key: 'a', value: 'at last' }])
      return { close: async () => {} }
    },
  }
  const log = openLog()
  await started(desk, { log, observer: notes, sources: { inbox: shaky } })
  await until(async () => (await textsOf(log, 'mails')).includes('at last'), 'the mail')
  expect(notes.lines.map(line => line.replace(/ Trying.*/, ''))).toEqual([
    'warn: the mail server is away.',
    'warn: the mail server hung up.',
  ])
})

test('a value that its topic cannot take rejects its append alone, and nothing of it is in the log', async () => {
  const numbers = topic('numbers', { key: text, value: whole, partitions: 1 })
  const counter = topology('counter', draft => draft.source('meter', numbers).map(String, { as: text }).to(loud))
  const outcomes: string[] = []
  const tell = (append: Promise<void>) =>
    append.then(
      () => outcomes.push('taken'),
      error => outcomes.push((error as Error).message),
    )
  const meter: SourceConnector<string, number> = {
    async open(feed) {
      await tell(
        feed.append([
          { key: 'a', value: 1 },
          { key: 'a', value: 1.5 },
        ]),
      )
      await tell(feed.append([{ key: 'a', value: 2 }]))
      return { close: async () => {} }
    },
  }
  const log = openLog()
  await started(counter, { log, sources: { meter } })
  await until(async () => (await textsOf(log, 'loud')).length > 0, 'a number')
  expect(outcomes).toEqual([
    expect.stringMatching(/VALUE_WRONG at counter\.meter: the value cannot be written to "numbers"/),
    'taken',
  ])
  expect(await textsOf(log, 'loud')).toEqual(['2'])
})

test('a log that is full rejects the append; the same source goes on when there is room again', async () => {
  const log = openLog()
  const commit = log.commit.bind(log)
  let full = true
  log.commit = (group, ...rest) => {
    if (group === 'desk.inbox' && full) throw new Error('the disk is full')
    return commit(group, ...rest)
  }
  const notes = new Notes()
  const feeds: Feed<string, string>[] = []
  const inbox: SourceConnector<string, string> = {
    async open(feed) {
      feeds.push(feed)
      return { close: async () => {} }
    },
  }
  await started(desk, { log, observer: notes, sources: { inbox } })
  await until(() => feeds.length === 1, 'an open source')
  await expect(feeds[0]!.append([{ key: 'a', value: 'lost' }], '1')).rejects.toThrow('the disk is full')
  full = false
  await feeds[0]!.append([{ key: 'a', value: 'kept' }], '2')
  expect(await textsOf(log, 'mails')).toEqual(['kept'])
  expect(notes.lines).toEqual(['error: nothing was appended: the disk is full'])
})

test('what waits behind a commit that failed fails with it, so that nothing overtakes it', async () => {
  const log = openLog()
  const commit = log.commit.bind(log)
  let full = true
  log.commit = (group, ...rest) => {
    if (group !== 'desk.inbox' || !full) return commit(group, ...rest)
    full = false
    throw new Error('the disk is full')
  }
  // Each is more than half of what one commit takes, so that the third waits for another one.
  const value = 'x'.repeat(5 * 1024 * 1024)
  const outcomes: string[][] = []
  const inbox: SourceConnector<string, string> = {
    async open(feed) {
      const all = [1, 2, 3].map(at => feed.append([{ key: 'a', value }], String(at)))
      outcomes.push((await Promise.allSettled(all)).map(({ status }) => status))
      return { close: async () => {} }
    },
  }
  await started(desk, { log, sources: { inbox } })
  await until(() => outcomes.length === 1, 'an end of each')
  expect(outcomes).toEqual([['rejected', 'rejected', 'rejected']])
  expect(await textsOf(log, 'mails')).toEqual([])
})

test('what was appended while a source closes is committed before the topology has stopped', async () => {
  const log = openLog()
  const inbox: SourceConnector<string, string> = {
    open: async feed => ({ close: () => feed.append([{ key: 'a', value: 'goodbye' }]) }),
  }
  const running = await started(desk, { log, sources: { inbox } })
  await running.stop()
  expect(await textsOf(log, 'mails')).toEqual(['goodbye'])
})

test('names that nothing is bound to are refused before anything runs, with what to write where', async () => {
  const both = topology('both', draft => {
    draft.source('inbox', mails).to(loud)
    draft.sink('out-box', loud)
  })
  await expect(started(both, { log: openLog() })).rejects.toThrow(
    'UNBOUND at both: nothing is bound to its source "inbox", sink "out-box"; write `export default defineConfig({ sources: { inbox: … }, sinks: { \'out-box\': … } })` in franz.config.ts beside the pipeline file, or give them to `run`.',
  )
})
