import { expect, test } from 'vitest'
import {
  type Draft,
  type ErrorReport,
  json,
  keyed,
  rest,
  type TopologyOptions,
  text,
  topic,
  topology,
  whole,
} from '../../topology/index.ts'
import { type CommitStep, commitSteps, type DriveOptions, drive } from '../../topology/testing.ts'
import { fromUtf8, utf8 } from '../../topology/text.ts'

interface Order {
  readonly item: string
  readonly amount: number
}

const orders = topic('orders', { key: text, value: json<Order>('Order') })
const amounts = topic('amounts', { key: text, value: whole })
const letters = topic('letters', { key: text, value: json<Order>('Order') })
const reports = topic('errors', { key: text, value: json<ErrorReport>('ErrorReport') })
const dead: TopologyOptions = { deadLetters: letters, errors: reports }

type World = Awaited<ReturnType<typeof drive>>
const started = async (options: TopologyOptions, draw: (draft: Draft) => void, driving: DriveOptions = {}) => {
  const counted: string[] = []
  const observer = {
    failed: (operator: string, policy: string, error: Error) =>
      counted.push(`${operator}: ${policy}: ${(error as { code?: string }).code}`),
    dropped: (operator: string, reason: string) => counted.push(`${operator}: ${reason}`),
  }
  const world = await drive(topology('shop', options, draw), { partitions: 1, observer, ...driving })
  return { world, counted }
}
const headersOf = ({ headers }: { headers: readonly (readonly [string, Uint8Array | null])[] }) =>
  Object.fromEntries(headers.map(([name, value]) => [name, fromUtf8(value!)]))
const values = async (world: World) => (await world.read(amounts)).map(({ value }) => value)
const toAmounts = (draft: Draft) =>
  draft
    .stream(orders)
    .map(order => order.amount)
    .to(amounts)

test('bytes that cannot be read stop the topology, with the place and what to do about it', async () => {
  const { world, counted } = await started({}, toAmounts)
  world.appendBytes('orders', utf8('k'), utf8('{oops'))
  await expect(world.settle()).rejects.toThrow(
    /^BYTES_WRONG at shop, orders, source orders \(orders-0, offset 0\): the value at offset 0 cannot be read: .+ To fix: correct the producer, or declare an error policy for the source\.$/,
  )
  expect(counted).toEqual(['orders, source orders: fail: BYTES_WRONG'])
})

test('bytes that cannot be read are skipped and counted where that was wanted, and block nothing', async () => {
  const { world, counted } = await started({ onError: 'skip' }, toAmounts)
  world.appendBytes('orders', utf8('k'), utf8('{oops'))
  await world.send(orders, 'k', { item: 'pen', amount: 2 })
  expect(await values(world)).toEqual([2])
  expect(counted).toEqual(['orders, source orders: skip: BYTES_WRONG'])
})

test('a dead letter has the bytes and headers as they came, and what went wrong; a report says it to people', async () => {
  const { world, counted } = await started(dead, toAmounts, { partitions: 3 })
  world.appendBytes('orders', utf8('k'), utf8('{oops'), 42, [['trace', utf8('t1')]])
  await world.settle()
  const [letter] = await world.readBytes('letters')
  expect([fromUtf8(letter!.key!), fromUtf8(letter!.value!), letter!.timestamp]).toEqual(['k', '{oops', 42])
  const { partition } = letter!
  expect(headersOf(letter!)).toEqual({
    trace: 't1',
    '__streams.errors.exception': 'TopologyError',
    '__streams.errors.message': expect.stringMatching(/^BYTES_WRONG at orders, source orders: /),
    '__streams.errors.stacktrace': expect.stringContaining('SyntaxError'),
    '__streams.errors.topic': 'orders',
    '__streams.errors.partition': String(partition),
    '__streams.errors.offset': '0',
  })
  expect((await world.read(reports)).map(({ key, value }) => [key, value])).toEqual([
    [
      'orders',
      {
        topology: 'shop',
        operator: 'orders, source orders',
        code: 'BYTES_WRONG',
        message: expect.stringContaining('cannot be read'),
        ...{ topic: 'orders', partition, offset: 0, timestamp: 42, deadLetters: 'letters' },
        ...{ exception: 'SyntaxError', stack: expect.stringContaining('SyntaxError'), key: 'k' },
        content: expect.any(String),
      },
    ],
  ])
  expect(counted).toEqual(['orders, source orders: dead letter: BYTES_WRONG'])
})

test("a source's own policy is for what cannot be read; what a step makes of it meets the topology's", async () => {
  const mine = topic('mine', { key: text, value: text })
  const { world } = await started(dead, draft => {
    draft
      .stream(orders, { onError: { deadLetter: mine } })
      .map(({ amount }) => {
        if (amount < 0) throw new Error('less than nothing')
        return amount
      })
      .to(amounts)
  })
  world.appendBytes('orders', utf8('k'), utf8('{oops'))
  await world.send(orders, 'k', { item: 'pen', amount: -1 })
  expect((await world.read(mine)).map(({ value }) => value)).toEqual(['{oops'])
  expect((await world.read(letters)).map(({ value }) => value)).toEqual([{ item: 'pen', amount: -1 }])
})

test('a second failure replaces the headers of the first', async () => {
  const { world } = await started(dead, toAmounts)
  world.appendBytes('orders', null, utf8('{oops'), 0, [
    ['__streams.errors.offset', utf8('77')],
    ['own', utf8('kept')],
  ])
  await world.settle()
  const [letter] = await world.readBytes('letters')
  expect(letter!.headers.filter(([name]) => name === '__streams.errors.offset').length).toBe(1)
  expect(headersOf(letter!)).toMatchObject({ own: 'kept', '__streams.errors.offset': '0' })
})

/** Counts, writes, and only then fails. */
const failingLast = (draft: Draft) => {
  const stream = draft.stream(orders)
  stream.group().count('counted')
  stream
    .process('kept', {
      stores: { seen: keyed(text, json<Order>('Order')) },
      timers: { soon: 'stream' },
      as: orders.value,
      record(order, key, { stores, timers, emit }) {
        stores.seen.put(`${key} ${order.item}`, order)
        timers.soon.at(1_000, key)
        emit(order)
      },
      due: { soon: () => {} },
    })
    .map(order => order.amount)
    .to(amounts)
  stream
    .peek(({ item }) => {
      if (item === 'bad') throw new Error('I do not sell this')
    })
    .discard()
}

test('what a record did before it failed is taken back: its output, its state and its timers', async () => {
  const { world, counted } = await started(dead, failingLast)
  for (const [item, amount] of [
    ['pen', 1],
    ['bad', 2],
    ['ink', 3],
  ] as const)
    await world.append(orders, 'k', { item, amount }, amount)
  await world.settle()
  expect(await values(world)).toEqual([1, 3])
  expect(await world.look('counted', 'k')).toBe(2)
  expect(await world.look('seen', 'k pen')).toBeDefined()
  expect(await world.look('seen', 'k bad')).toBe(undefined)
  expect((await world.read(letters)).map(({ value }) => value.item)).toEqual(['bad'])
  expect(counted.filter(line => line.includes('STEP'))).toEqual(['peek 1: dead letter: STEP_FAILED'])
})

test('dead letters are part of the commit: none is lost and none comes twice, whatever happens to commits', async () => {
  const story = async (faults: (step: CommitStep) => 'crash' | 'abort' | 'lose answer' | undefined) => {
    const { world } = await started(dead, failingLast, { partitions: 2, faults })
    for (let at = 0; at < 12; at++) {
      await world.send(orders, `k${at % 3}`, { item: at % 4 === 1 ? 'bad' : 'pen', amount: at }, at)
    }
    return {
      letters: (await world.read(letters)).map(({ value }) => value.amount).sort(),
      reports: (await world.read(reports)).length,
      amounts: (await values(world)).sort(),
      counts: await Promise.all(['k0', 'k1', 'k2'].map(key => world.look('counted', key))),
    }
  }
  const calm = await story(() => undefined)
  expect(calm).toMatchObject({ letters: [1, 5, 9], reports: 3, counts: [3, 3, 3] })
  for (const fault of ['crash', 'abort', 'lose answer'] as const) {
    for (const step of commitSteps) {
      let seen = 0
      const found = await story(at => (at === step && ++seen % 5 === 2 ? fault : undefined))
      expect(found, `${fault} at ${step}`).toEqual(calm)
    }
  }
})

test('a value that its topic cannot take meets the policy at the sink', async () => {
  const { world } = await started(dead, toAmounts)
  await world.send(orders, 'k', { item: 'pen', amount: 1.5 })
  await world.send(orders, 'k', { item: 'pen', amount: 2 })
  expect(await values(world)).toEqual([2])
  const [letter] = await world.readBytes('letters')
  expect(headersOf(letter!)['__streams.errors.message']).toMatch(
    /^VALUE_WRONG at sink amounts: the value cannot be written to "amounts": 1\.5 is not a whole number/,
  )
})

const sums = (draft: Draft) =>
  draft
    .stream(orders)
    .group()
    .aggregate('sums', { init: () => 0, add: (sum, { amount }) => sum + amount, as: whole })
    .changes()
    .filter(sum => sum !== null)
    .to(amounts)

test('a value that its store cannot take is found though stores are written with the commit', async () => {
  const { world } = await started(dead, draft =>
    draft
      .stream(orders)
      .group()
      .aggregate('sums', { init: () => 0, add: (sum, { amount }) => sum + amount, as: whole }),
  )
  for (const amount of [1, 2, 0.5, 3]) await world.append(orders, 'k', { item: 'pen', amount })
  await world.append(orders, 'other', { item: 'ink', amount: 7 })
  await world.settle()
  expect(await world.look('sums', 'k')).toBe(6)
  expect(await world.look('sums', 'other')).toBe(7)
  const [letter, ...more] = await world.readBytes('letters')
  expect(more).toEqual([])
  expect(headersOf(letter!)).toMatchObject({
    '__streams.errors.offset': '2',
    '__streams.errors.message': expect.stringMatching(/^VALUE_WRONG at the store "sums": 3\.5 is not a whole number/),
  })
})

test('where it stops the topology, it says which record it was', async () => {
  const { world } = await started({}, sums)
  for (const amount of [1, 2, 0.5, 3]) await world.append(orders, 'k', { item: 'pen', amount })
  await expect(world.settle()).rejects.toThrow('(orders-0, offset 2)')
})

test('a step that returns a promise is refused with the name of its operator', async () => {
  const later = (async () => true) as never
  const wrong: Record<string, (draft: Draft) => void> = {
    'map 1': draft => draft.stream(orders).map(later).discard(),
    'filter 1': draft => draft.stream(orders).filter(later).discard(),
    'flatMap 1': draft => draft.stream(orders).flatMap(later).discard(),
    'peek 1': draft => draft.stream(orders).peek(later).discard(),
    'branch 1': draft => {
      const { some, others } = draft.stream(orders).branch({ some: later, others: rest })
      some.discard()
      others.discard()
    },
    'rekey by': draft => draft.stream(orders).rekey('by', later, { key: text }).discard(),
    'sink amounts': draft =>
      draft
        .stream(orders)
        .map(() => 1)
        .toKeyed(amounts, later),
    'reduce last': draft => draft.stream(orders).group().reduce('last', later),
    'process own': draft => draft.stream(orders).process('own', { record: later }),
    'dedupe seen': draft => draft.stream(orders).dedupe('seen', { by: later, within: '1h' }).discard(),
  }
  for (const [operator, draw] of Object.entries(wrong)) {
    const { world } = await started({}, draw)
    await world.append(orders, 'k', { item: 'pen', amount: 1 })
    await world.append(orders, 'k', { item: 'pen', amount: 1 })
    await expect(world.settle(), operator).rejects.toThrow(`STEP_ASYNC at shop, ${operator} (orders-0, offset `)
  }
})

test('a timestamp that is negative, missing or far ahead meets the policy of its source', async () => {
  const times = topic('times', { key: text, value: json<{ at?: number }>('Time') })
  const { world, counted } = await started(
    dead,
    draft => {
      draft
        .stream(times, { timestamp: value => value.at as number, aheadMax: '1h' })
        .map(() => 1)
        .to(amounts)
    },
    { now: 1_000_000 },
  )
  for (const value of [{ at: -1 }, {}, { at: 0.5 }, { at: 1_000_000 + 3_600_001 }, { at: 1_000_000 + 3_600_000 }])
    await world.append(times, 'k', value)
  world.appendBytes('times', utf8('k'), utf8('{"at":5}'), -1)
  await world.settle()
  expect((await world.read(amounts)).map(({ timestamp }) => timestamp)).toEqual([4_600_000, 5])
  const found = (await world.read(reports)).map(({ value }) => value.message)
  expect(found.map(message => /of offset (\d) (.+?)\. To fix/.exec(message)?.slice(1).join(' '))).toEqual([
    '0 is -1, not milliseconds since 1970',
    '1 is undefined, not milliseconds since 1970',
    '2 is 0.5, not milliseconds since 1970',
    '3 is 3600001 ms ahead of the clock, and at most 3600000 are allowed',
  ])
  expect(counted.every(line => line.endsWith('dead letter: TIME_WRONG'))).toBe(true)
})

test('a timestamp that is promised is refused, and its rejection ends nothing', async () => {
  const timestamp = (() => Promise.reject(new Error('nobody waits'))) as unknown as () => number
  const { world } = await started(dead, draft =>
    draft
      .stream(orders, { timestamp })
      .map(order => order.amount)
      .to(amounts),
  )
  await world.send(orders, 'k', { item: 'pen', amount: 2 })
  const [report] = await world.read(reports)
  expect(report?.value.message).toContain('the timestamp of offset 0 is a promise, not milliseconds since 1970')
})

test('the time of a record from the log is judged as well', async () => {
  const { world } = await started(dead, toAmounts)
  world.appendBytes('orders', utf8('k'), utf8('{"item":"pen","amount":1}'), -5)
  await world.settle()
  expect(await values(world)).toEqual([])
  const [letter] = await world.readBytes('letters')
  // The log would refuse the dead letter, too.
  expect(letter!.timestamp).toBe(0)
})

test('a null key where one is needed is dropped and counted, or meets the policy where that was wanted', async () => {
  const draw = (draft: Draft) => {
    draft.stream(orders).group().count('counted')
  }
  const { world, counted } = await started(dead, draw)
  await world.send(orders, null, { item: 'pen', amount: 1 })
  expect(counted).toEqual(['count counted: null key'])
  expect(await world.readBytes('letters')).toEqual([])
  const strict = await started({ ...dead, nullKeys: 'refuse' }, draw)
  await strict.world.send(orders, null, { item: 'pen', amount: 1 })
  await strict.world.send(orders, 'k', { item: 'pen', amount: 1 })
  expect(strict.counted).toEqual(['count counted: dead letter: KEY_MISSING'])
  expect((await strict.world.read(letters)).map(({ key }) => key)).toEqual([null])
  expect(await strict.world.look('counted', 'k')).toBe(1)
})

test('a timer that fails leaves the key of its state, and is over', async () => {
  const { world, counted } = await started(dead, draft => {
    draft
      .stream(orders)
      .process('reminder', {
        timers: { soon: 'stream', later: 'wall' },
        as: whole,
        record: ({ amount }, key, { timers }) => {
          timers.soon.at(amount, key)
          timers.later.at(5_000, key)
        },
        due: {
          soon: (_key, time, { emit }) => {
            emit(1)
            throw new Error(`no reminder at ${time}`)
          },
          later: (_key, _time, { emit }) => emit(2),
        },
        every: { sweep: { clock: 'wall', interval: '1h', run: () => Promise.reject(new Error('swept')) as never } },
      })
      .to(amounts)
  })
  await world.send(orders, 'k', { item: 'pen', amount: 10 }, 0)
  await world.send(orders, 'other', { item: 'pen', amount: 90 }, 50)
  const [letter] = await world.readBytes('letters')
  expect([fromUtf8(letter!.key!), letter!.value, letter!.timestamp]).toEqual(['k', null, 10])
  expect(headersOf(letter!)).toMatchObject({
    '__streams.errors.message': expect.stringContaining('STEP_FAILED at process reminder: no reminder at 10'),
    '__streams.errors.timer': 'process reminder',
  })
  expect(Object.keys(headersOf(letter!))).not.toContain('__streams.errors.offset')
  await world.advance('5s')
  expect(await values(world)).toEqual([2, 2])
  await world.advance('1h')
  expect((await world.readBytes('letters')).map(({ key }) => key)).toEqual([null])
  expect(counted.map(line => line.split(': ').slice(1).join(' '))).toEqual([
    'dead letter STEP_FAILED',
    'dead letter STEP_ASYNC',
  ])
})

test('a refusal that is part of the topology carries its reason', async () => {
  const { world } = await started({ errors: reports }, draft => {
    const { big, small } = draft.stream(orders).branch({ big: ({ amount }) => amount > 9, small: rest })
    big.deadLetter(letters, 'nobody needs so many')
    small.map(({ amount }) => amount).to(amounts)
  })
  await world.send(orders, 'k', { item: 'pen', amount: 10 })
  await world.send(orders, 'k', { item: 'pen', amount: 1 })
  expect((await world.read(letters)).map(({ value }) => value.amount)).toEqual([10])
  expect((await world.read(reports)).map(({ value }) => [value.code, value.operator])).toEqual([
    ['REFUSED', 'deadLetter letters'],
  ])
})
