import { expect, test } from 'vitest'
import { keyed, text, topic, topology, whole } from '../../../topology/index.ts'
import { type CommitStep, commitSteps, drive } from '../../../topology/testing.ts'

const lines = topic('lines', { key: text, value: text })
const out = topic('out', { key: text, value: text })

/** Keeps the last value of each key; at each timer it emits all it keeps. */
const keepLast = (clock: 'stream' | 'wall', interval: number) =>
  topology('keep-last', draft => {
    draft
      .stream(lines, { tombstones: 'keep' })
      .process('kept', {
        stores: { last: keyed(text, text) },
        as: text,
        record(value, key, { stores, emit }) {
          const before = key === null ? null : (stores.last.get(key) ?? null)
          if (key !== null && value === null) stores.last.delete(key)
          else if (value !== null && key !== null) stores.last.put(key, value)
          emit(`${before}>${value}`)
        },
        every: {
          all: {
            clock,
            interval,
            run(_time, { stores, emit }) {
              for (const [key, value] of stores.last.range()) emit(`${clock}:${value}`, { key })
            },
          },
        },
      })
      .to(out)
  })

type World = Awaited<ReturnType<typeof drive>>
const read = async (world: World) =>
  (await world.read(out)).map(({ key, value, timestamp }) => `${key} ${value} ${timestamp}`)

test('a timer in stream time fires after the first record and then at multiples, once however many passed', async () => {
  const world = await drive(keepLast('stream', 10), { partitions: 1 })
  const after = async (key: string | null, value: string | null, timestamp: number) => {
    await world.send(lines, key, value, timestamp)
    return read(world)
  }
  expect(await after('b', 'x', 3)).toEqual(['b null>x 3', 'b stream:x 3'])
  expect(await after('a', 'y', 5)).toEqual(['a null>y 5'])
  expect(await after('b', 'z', 10)).toEqual(['b x>z 10', 'a stream:y 10', 'b stream:z 10'])
  expect(await after('b', 'w', 9)).toEqual(['b z>w 9'])
  expect(await after('c', 'v', 47)).toEqual(['c null>v 47', 'a stream:y 47', 'b stream:w 47', 'c stream:v 47'])
  await world.advance(100)
  expect(await read(world)).toEqual([])
  expect(await after('a', null, 50)).toEqual(['a y>null 50', 'b stream:w 50', 'c stream:v 50'])
  expect(await after(null, 'u', 51)).toEqual(['null null>u 51'])
})

test('a timer in wall time fires when its interval has passed since the start, once per look at the clock', async () => {
  const world = await drive(keepLast('wall', 20), { partitions: 1, now: 0 })
  await world.send(lines, 'b', 'x', 1_000)
  expect(await read(world)).toEqual(['b null>x 1000'])
  const after = async (ms: number) => {
    await world.advance(ms)
    return read(world)
  }
  expect(await after(19)).toEqual([])
  expect(await after(1)).toEqual(['b wall:x 20'])
  expect(await after(50)).toEqual(['b wall:x 70'])
  expect(await after(9)).toEqual([])
  expect(await after(1)).toEqual(['b wall:x 80'])
  expect(await after(40)).toEqual(['b wall:x 120'])
})

/** Reminds of each ticket that has not been closed within 100 ms of stream time, or 1 s of wall time. */
const reminders = topology('reminders', draft => {
  draft
    .stream(lines)
    .process('reminder', {
      stores: { 'open-tickets': keyed(text, text) },
      timers: { overdue: 'stream', forgotten: 'wall' },
      as: text,
      record(value, id, { stores, timers, timestamp }) {
        if (value === 'closed') {
          stores['open-tickets'].delete(id)
          timers.overdue.cancel(id)
          timers.forgotten.cancel(id)
          return
        }
        stores['open-tickets'].put(id, value)
        timers.overdue.at(timestamp + 100, id)
        timers.forgotten.at(5_000, id)
      },
      due: {
        overdue: (id, time, { stores, emit }) => emit(`${stores['open-tickets'].get(id)} overdue at ${time}`),
        forgotten: (_id, time, { emit }) => emit(`forgotten at ${time}`, { timestamp: 7 }),
      },
    })
    .to(out)
})

test('a timer of a key rings before the first later record, at its own time; setting it again moves it', async () => {
  const world = await drive(reminders, { partitions: 1 })
  await world.send(lines, 'a', 'printer', 0)
  await world.send(lines, 'b', 'screen', 10)
  await world.send(lines, 'a', 'printer again', 60)
  expect(await read(world)).toEqual([])
  // The close comes 1 ms too late: the reminder stands before it.
  await world.send(lines, 'b', 'closed', 111)
  expect(await read(world)).toEqual(['b screen overdue at 110 110'])
  await world.send(lines, 'c', 'mouse', 160)
  expect(await read(world)).toEqual(['a printer again overdue at 160 160'])
  await world.send(lines, 'c', 'closed', 200)
  await world.send(lines, 'd', 'any', 10_000)
  expect(await read(world)).toEqual([])
})

test('a timer in wall time rings though no record comes, and emits with the timestamp it says', async () => {
  const world = await drive(reminders, { partitions: 2, instances: 2 })
  await world.send(lines, 'a', 'printer', 0)
  await world.send(lines, 'b', 'screen', 0)
  await world.send(lines, 'b', 'closed', 0)
  await world.advance('4s')
  expect(await read(world)).toEqual([])
  await world.advance('1s')
  expect(await read(world)).toEqual(['a forgotten at 5000 7'])
  await world.advance('1h')
  expect(await read(world)).toEqual([])
})

test('timers and stores outlive crashes at every step of a commit, lost disks and moves', async () => {
  const story = async (world: World, between: (world: World, at: number) => Promise<void>) => {
    const steps: [string, string, number][] = [
      ['a', 'printer', 0],
      ['b', 'screen', 50],
      ['b', 'closed', 90],
      ['c', 'mouse', 120],
      ['a', 'closed', 130],
      ['d', 'disk', 300],
      ['e', 'fan', 300],
    ]
    for (const [at, [key, value, timestamp]] of steps.entries()) {
      await world.send(lines, key, value, timestamp)
      await between(world, at)
    }
    await world.advance('5s')
    return (await read(world)).sort()
  }
  const calm = await story(await drive(reminders, { partitions: 2, instances: 2 }), async () => {})
  expect(calm).toEqual([
    'a printer overdue at 100 100',
    'c forgotten at 5000 7',
    'c mouse overdue at 220 220',
    'd forgotten at 5000 7',
    'e forgotten at 5000 7',
  ])
  for (const step of commitSteps) {
    for (const nth of [1, 2, 3, 4, 5]) {
      let seen = 0
      const faults = (at: CommitStep) => (at === step && ++seen === nth ? ('crash' as const) : undefined)
      const world = await drive(reminders, { partitions: 2, instances: 2, faults })
      expect(await story(world, async () => {}), `crash ${nth} at ${step}`).toEqual(calm)
      expect(world.crashes).toBe(1)
    }
  }
  const moved = await story(await drive(reminders, { partitions: 2, instances: 2 }), async (world, at) => {
    await world.move(at % 2, `instance-${(at >> 1) % 2}`)
    if (at === 3) await world.crash('instance-1', 'lost')
  })
  expect(moved).toEqual(calm)
})

test('a periodic timer in stream time fires as often with crashes as without', async () => {
  const story = async (world: World) => {
    for (let at = 0; at < 12; at++) await world.send(lines, `key-${at % 2}`, `v${at}`, at * 4)
    return read(world)
  }
  const calm = await story(await drive(keepLast('stream', 10), { partitions: 1 }))
  expect(calm.filter(line => line.includes('stream:')).length).toBe(9)
  for (let nth = 1; nth < 12; nth++) {
    let seen = 0
    const faults = (at: CommitStep) => (at === 'committed' && ++seen === nth ? ('crash' as const) : undefined)
    expect(await story(await drive(keepLast('stream', 10), { partitions: 1, faults }))).toEqual(calm)
  }
})

test('a timer that sets itself again goes on in the same round, but never for a time that is over', async () => {
  const every = topology('every-ten', draft => {
    draft
      .stream(lines)
      .process('ticks', {
        timers: { tick: 'stream' },
        as: whole,
        record: (_value, key, { timers, timestamp }) => timers.tick.at(timestamp + 10, key),
        due: {
          tick(key, time, { timers, emit }) {
            emit(time)
            // For a time that is over from 40 on: it waits for the next record, and the round ends.
            timers.tick.at(time < 40 ? time + 10 : time, key)
          },
        },
      })
      .to(topic('ticks', { key: text, value: whole }))
  })
  const ticks = topic('ticks', { key: text, value: whole })
  const world = await drive(every, { partitions: 1 })
  await world.send(lines, 'a', '', 0)
  await world.send(lines, 'b', '', 35)
  expect((await world.read(ticks)).map(({ value }) => value)).toEqual([10, 20, 30])
  await world.send(lines, 'c', '', 60)
  expect((await world.read(ticks)).map(({ key, value }) => [key, value])).toEqual([
    ['a', 40],
    ['b', 45],
    // Set at 40 for 40, and at 45 for 45: over, so behind the record.
    ['a', 40],
    ['b', 45],
  ])
})

test('a range of a store has the keys in order, with what has just been put', async () => {
  const seen: unknown[] = []
  const ranging = topology('ranging', draft => {
    draft.stream(lines).process('ranger', {
      stores: { pairs: keyed(text, text) },
      record(value, key, { stores: { pairs } }) {
        pairs.put(key, value)
        seen.push(pairs.range({ from: 'b', to: 'd', backwards: true, entriesMax: 2 }))
      },
    })
  })
  const world = await drive(ranging, { partitions: 1 })
  for (const key of ['c', 'a', 'b', 'bé', 'd']) await world.send(lines, key, `${key}!`)
  expect(seen.at(-1)).toEqual([
    ['c', 'c!'],
    ['bé', 'bé!'],
  ])
  expect(await world.look('pairs', 'bé')).toBe('bé!')
})

test('own keys are lost to what needs equal keys in one task, until a rekey', async () => {
  const draw = (through: boolean) =>
    topology('own-keys', draft => {
      const made = draft.stream(lines).process('by-word', {
        as: text,
        key: text,
        record(value, _key, { emit }) {
          for (const word of value.split(' ')) emit(word, { key: word })
        },
      })
      const counted = through ? made.rekey('words', word => word, { key: text }) : made
      counted
        .group()
        .count('counts')
        .changes()
        .to(topic('counts', { key: text, value: whole }))
    })
  await expect(drive(draw(false))).rejects.toThrow(
    'KEY_LOST at own-keys, count counts: process by-word may have changed the key',
  )
  await expect(drive(draw(true))).resolves.toBeDefined()
})

test('own code is refused that answers with a promise, emits after its end, or has a timer without work', async () => {
  let late: ((value: string) => void) | undefined
  const draw = (record: (emit: (value: string) => void) => void) =>
    topology('wrong', draft => {
      draft
        .stream(lines)
        .process('own', { as: text, record: (_value, _key, { emit }) => record(emit) })
        .to(out)
    })
  const promising = await drive(draw(async () => {}))
  await expect(promising.send(lines, 'a', 'x')).rejects.toThrow('STEP_ASYNC at wrong, process own (lines-')
  const lagging = await drive(
    draw(emit => {
      late = emit
    }),
  )
  await lagging.send(lines, 'a', 'x')
  expect(() => late?.('too late')).toThrow('it emitted after its function had returned')
  expect(() =>
    topology('no-work', draft => {
      draft.stream(lines).process('own', { timers: { wake: 'wall' }, record: () => {} })
    }),
  ).toThrow('nothing in `due` says what its timer "wake" does')
})
