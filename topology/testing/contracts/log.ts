import type { Log, LogRecord } from '../../ports/log.ts'
import { utf8 } from '../../text.ts'
import { type Check, equal, holds } from './check.ts'
import { type Make, type Names, namesOf } from './names.ts'
import { commitOf, emptyFetchesMax, plain, Reader, readAll, record, waitMs } from './reader.ts'

/**
 * How a suite gets at the log it examines. Every check asks for one; it may be the same each time.
 * @example const memory: LogSubject = { open: () => new MemoryLog(clock), members: 'several' }
 */
export interface LogSubject {
  open(): Promise<Log> | Log
  /** Whether one process after another, or several at once, may join a group. */
  readonly members: 'one' | 'several'
  /** Its client can neither tell a header without a value from an empty one, nor write the time 0. */
  readonly kafkaLimits?: boolean
  close?(log: Log): Promise<void> | void
}

/**
 * The promises of the Log port.
 * @example for (const { name, run } of logContract({ open: () => new MemoryLog(clock), members: 'several' })) test(name, run)
 */
export const logContract = (subject: LogSubject): readonly Check[] => {
  let runs = 0
  const check = (name: string, run: (log: Log, names: Names) => Promise<void>): Check => ({
    name: `log: ${name}`,
    async run() {
      const log = await subject.open()
      const names = namesOf(runs++)
      await log.create([
        { name: names.input, partitions: 2, cleanup: 'delete' },
        { name: names.output, partitions: 2, cleanup: 'delete' },
        { name: names.changelog, partitions: 2, cleanup: 'compact' },
      ])
      try {
        await run(log, names)
      } finally {
        await subject.close?.(log)
      }
    },
  })
  return [
    ...topicChecks(check, subject),
    ...commitChecks(check),
    ...(subject.members === 'several' ? sharingChecks(check) : []),
  ]
}

const topicChecks = (check: Make, subject: LogSubject): Check[] => [
  check('knows the topics that were made, and no others', async (log, { input }) => {
    equal((await log.topic(input))?.partitions, 2, 'its partitions')
    equal((await log.topic('contract-nowhere')) ?? null, null, 'an unknown topic')
  }),
  check('a topic that exists stays as it is', async (log, { input }) => {
    const before = await log.topic(input)
    await log.create([{ name: input, partitions: 5, cleanup: 'delete' }])
    equal(await log.topic(input), before, 'the topic')
  }),
  check('keeps keys, values, nulls, empty bytes, times and headers as they are', async (log, { input, group }) => {
    const { member } = await Reader.join(log, group, 'a', [])
    const records: LogRecord[] = [
      record('a', '1', subject.kafkaLimits ? 1 : 0),
      {
        ...record(null, null, 7),
        headers: [
          ['x', utf8('1')],
          ['x', subject.kafkaLimits ? new Uint8Array(0) : null],
          ['y', new Uint8Array(0)],
        ],
      },
      record('', '', 4_102_444_800_000),
    ]
    equal(
      await member.commit(commitOf({ appends: [{ topic: input, partition: 1, records }] })),
      'committed',
      'the outcome',
    )
    equal((await readAll(log, { topic: input, partition: 1 })).map(plain), records.map(plain), 'the records')
    equal(await readAll(log, { topic: input, partition: 0 }), [], 'the other partition')
    await member.close()
  }),
  check('offsets rise, reading goes on at any of them', async (log, { input, group }) => {
    const { member } = await Reader.join(log, group, 'a', [])
    for (const batch of ['abc', 'de']) {
      const records = [...batch].map(letter => record(letter, letter))
      await member.commit(commitOf({ appends: [{ topic: input, partition: 0, records }] }))
    }
    const all = await readAll(log, { topic: input, partition: 0 })
    equal(
      all.map(({ key }) => key),
      [...'abcde'].map(utf8),
      'the keys',
    )
    holds(
      all.every((found, at) => at === 0 || found.offset > all[at - 1]!.offset),
      'offsets rise',
    )
    const fetched = await log.read({ topic: input, partition: 0 }, all[2]!.offset, 2)
    equal(
      fetched.records.map(({ key }) => key),
      [utf8('c'), utf8('d')],
      'two from the third on',
    )
    equal(
      (await log.read({ topic: input, partition: 0 }, fetched.next, 9)).records.map(({ key }) => key),
      [utf8('e')],
      'the rest',
    )
    await member.close()
  }),
]

const commitChecks = (check: Make): Check[] => [
  check('a fetch that waits for a first record ends when something else has come', async (log, { input, group }) => {
    const reader = await Reader.join(log, group, 'a', [input])
    await reader.own(2)
    equal(await reader.member.fetch(1, 600_000, Promise.resolve()).then(() => 'ended'), 'ended', 'the fetch')
    await reader.member.close()
  }),
  check('a member fetches only what it resumed, and goes on after what it committed', async (log, { input, group }) => {
    const writer = await Reader.join(log, `${group}-writer`, 'w', [])
    const records = [...'abcd'].map(letter => record(letter, letter))
    await writer.member.commit(commitOf({ appends: [{ topic: input, partition: 0, records }] }))
    const reader = await Reader.join(log, group, 'a', [input])
    await reader.own(2)
    const first = await reader.take(4)
    await reader.member.commit(commitOf({ positions: [{ topic: input, partition: 0, offset: first[1]!.offset + 1 }] }))
    await reader.member.close()
    const again = await Reader.join(log, group, 'a', [input])
    await again.own(2)
    equal(
      (await again.take(2)).map(({ key }) => key),
      [utf8('c'), utf8('d')],
      'what was not committed',
    )
    await again.member.close()
    await writer.member.close()
  }),
  check('recover goes back to what was committed', async (log, { input, group }) => {
    const reader = await Reader.join(log, group, 'a', [input])
    await reader.own(2)
    await reader.member.commit(
      commitOf({ appends: [{ topic: input, partition: 1, records: [record('a', '1'), record('b', '2')] }] }),
    )
    equal((await reader.take(2)).length, 2, 'fetched once')
    await reader.member.recover()
    reader.member.resume([...reader.owned.values()])
    equal(
      (await reader.take(2)).map(({ key }) => key),
      [utf8('a'), utf8('b')],
      'and again',
    )
    await reader.member.close()
  }),
  check('a paused partition gives nothing', async (log, { input, group }) => {
    const reader = await Reader.join(log, group, 'a', [input])
    await reader.own(2)
    reader.member.pause([{ topic: input, partition: 0 }])
    const records = [record('a', '1')]
    await reader.member.commit(commitOf({ appends: [0, 1].map(partition => ({ topic: input, partition, records })) }))
    await reader.take(1)
    equal(
      (await reader.member.fetch(10, 0)).flatMap(({ records }) => records),
      [],
      'the paused one',
    )
    reader.member.resume([{ topic: input, partition: 0 }])
    await reader.take(1)
    await reader.member.close()
  }),
  check(
    'stores hold the changes of every commit, in order and with deletions',
    async (log, { input, changelog, group }) => {
      const reader = await Reader.join(log, group, 'a', [input])
      await reader.own(2)
      const name = { store: 'sums', partition: 1, changelog }
      const store = await reader.member.store(name)
      equal([store.size, store.get(utf8('a')) ?? null], [0, null], 'a new store')
      await reader.member.commit(
        commitOf({
          changes: [
            {
              ...name,
              entries: [
                [utf8('b'), utf8('1')],
                [utf8('a'), utf8('2')],
              ],
            },
          ],
        }),
      )
      equal(
        [...store.range(undefined, undefined)].map(([key]) => new Uint8Array(key)),
        [utf8('a'), utf8('b')],
        'its keys',
      )
      await reader.member.commit(
        commitOf({
          changes: [
            {
              ...name,
              entries: [
                [utf8('b'), null],
                [utf8('c'), utf8('3')],
              ],
            },
          ],
        }),
      )
      equal(
        [store.get(utf8('a')), store.get(utf8('b')) ?? null, store.size],
        [utf8('2'), null, 2],
        'after the second commit',
      )
      const other = await reader.member.store({ ...name, partition: 0 })
      equal(other.size, 0, 'the store of the other partition')
      await reader.member.close()
      const again = await Reader.join(log, group, 'a', [input])
      await again.own(2)
      const reopened = await again.member.store(name)
      equal(
        [reopened.get(utf8('a')), reopened.get(utf8('c')), reopened.size],
        [utf8('2'), utf8('3'), 2],
        'opened again',
      )
      await again.member.close()
    },
  ),
  check('one commit may span topics, stores and positions', async (log, { input, output, changelog, group }) => {
    const reader = await Reader.join(log, group, 'a', [input])
    await reader.own(2)
    await reader.member.commit(commitOf({ appends: [{ topic: input, partition: 0, records: [record('a', '1')] }] }))
    const [taken] = await reader.take(1)
    const outcome = await reader.member.commit({
      appends: [0, 1].map(partition => ({ topic: output, partition, records: [record('x', 'y')] })),
      changes: [0, 1].map(partition => ({ store: 's', partition, changelog, entries: [[utf8('k'), utf8('v')]] })),
      positions: [{ topic: input, partition: 0, offset: taken!.offset + 1 }],
    })
    equal(outcome, 'committed', 'the outcome')
    for (const partition of [0, 1]) {
      equal((await readAll(log, { topic: output, partition })).length, 1, `the output in ${partition}`)
      equal(
        (await reader.member.store({ store: 's', partition, changelog })).get(utf8('k')),
        utf8('v'),
        `the store ${partition}`,
      )
    }
    await reader.member.close()
  }),
  check('an empty log says that it is drained', async (log, { input }) => {
    const fetched = await log.read({ topic: input, partition: 0 }, 0, 10)
    equal([fetched.records, fetched.drained], [[], true], 'the reading')
  }),
]

const sharingChecks = (check: Make): Check[] => [
  check(
    'members share the partitions, and take over those of one that leaves with their stores',
    async (log, names) => {
      const { input, changelog, group } = names
      const first = await Reader.join(log, group, 'a', [input])
      await first.own(2)
      await first.member.commit(
        commitOf({
          appends: [0, 1].map(partition => ({ topic: input, partition, records: [record('a', '1')] })),
          changes: [0, 1].map(partition => ({
            store: 's',
            partition,
            changelog,
            entries: [[utf8('k'), utf8(`${partition}`)]],
          })),
        }),
      )
      const second = await Reader.join(log, group, 'b', [input])
      for (let tries = 0; second.owned.size !== 1 && tries < emptyFetchesMax; tries++) {
        await first.member.fetch(1, waitMs)
        await second.member.fetch(1, waitMs)
      }
      await first.member.fetch(1, waitMs)
      equal([first.owned.size, second.owned.size], [1, 1], 'the partitions of each')
      holds([...first.owned.keys()][0] !== [...second.owned.keys()][0], 'no partition has two owners')
      await first.member.close()
      await second.own(2)
      equal((await second.take(2)).length, 2, 'the records of both')
      for (const partition of [0, 1]) {
        const store = await second.member.store({ store: 's', partition, changelog })
        equal(store.get(utf8('k')), utf8(`${partition}`), `the store ${partition}`)
      }
      await second.member.close()
    },
  ),
]
