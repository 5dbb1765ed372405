import { expect, expectTypeOf, test } from 'vitest'
import { type BareStream, bytes, type Stream, text, topic, topology, whole } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'
import { dice } from '../state/stub.ts'
import { emitted, joined, left, plus, right, survives, tells } from './stories.ts'
import { leftIn } from './windows.ts'

type Kind = 'inner' | 'left' | 'outer'
const kinds: readonly Kind[] = ['inner', 'left', 'outer']

const within = (kind: Kind, before: number, after: number, grace: number) =>
  topology('within', draft => {
    draft
      .stream(left, { tombstones: 'keep' })
      .joinWithin('pairs', draft.stream(right, { tombstones: 'keep' }), { before, after, grace, kind, merge: plus })
      .to(joined)
  })

const transitions = (kind: Kind) => `
  left  k - 1
  right k - 2
  left  k A 3
  right k a 4   -> k=A+a@4
  left  k B 5   -> k=B+a@5
  right k b 6   -> k=A+b@6 k=B+b@6
  left  k - 7
  right k - 8
  left  k C 9   -> k=C+a@9 k=C+b@9
  right k c 10  -> k=A+c@10 k=B+c@10 k=C+c@10
  right k - 11
  left  k - 12
  right k - 13
  right k d 14  -> k=A+d@14 k=B+d@14 k=C+d@14
  left  k D 15  -> k=D+a@15 k=D+b@15 k=D+c@15 k=D+d@15
  left  k E 40
  left  k F 60
  left  j F 61  ${kind === 'inner' ? '' : '-> k=E+null@40'}
  right k f 82  ${kind === 'inner' ? '' : '-> k=F+null@60 j=F+null@61'}
  left  k G 103 ${kind === 'outer' ? '-> k=null+f@82' : ''}
`

for (const kind of kinds) {
  test(`${kind}: every transition of two records`, async () => {
    await tells(await drive(within(kind, 15, 15, 5), { partitions: 3, instances: 2 }), transitions(kind))
  })

  test(`${kind}: the same under any fault in any step of a commit`, async () => {
    await survives(within(kind, 15, 15, 5), transitions(kind), { partitions: 2 })
  })
}

test('before and after are reckoned from the left record, both ends included', async () => {
  await tells(
    await drive(within('inner', 5, 10, 20), { partitions: 1 }),
    `
    left  a A 100
    right a w 110 -> a=A+w@110
    right a x 111
    right a y 94
    right a z 95  -> a=A+z@100
    left  a B 101 -> a=B+w@110 a=B+x@111
    left  b A 101
    right b v 101 -> b=A+v@101
  `,
  )
  const merged = within('inner', 5, 10, 20)
  const world = await drive(merged, { partitions: 1 })
  for (const value of ['y', 'x']) await world.send(right, 'k', value, 105)
  await world.send(right, 'k', 'w', 95)
  await tells(world, 'left k A 100 -> k=A+w@100 k=A+y@105 k=A+x@105')
})

test('equal records are as many as they are', async () => {
  await tells(
    await drive(within('outer', 0, 0, 0), { partitions: 1 }),
    `
    left  k A 1
    left  k A 1
    right k a 1 -> k=A+a@1 k=A+a@1
    right k a 1 -> k=A+a@1 k=A+a@1
    right k b 2
    right k b 2
    left  k C 4 -> k=null+b@2 k=null+b@2
  `,
  )
})

test('a record out of order waits like any other: what could meet it has not passed', async () => {
  await tells(
    await drive(within('left', 10, 10, 20), { partitions: 1 }),
    `
    right k a 50
    left  k A 30
    right k b 25  -> k=A+b@30
    left  m B 35
    right z z 65
    right z z 66  -> m=B+null@35
  `,
  )
})

test('a late record is dropped and counted, the one before it is not, and finds all that it could ever meet', async () => {
  const dropped: string[] = []
  const world = await drive(within('outer', 10, 10, 5), {
    partitions: 1,
    observer: { dropped: (operator, reason) => dropped.push(`${operator}: ${reason}`) },
  })
  await tells(
    world,
    `
    right k a 75
    right k b 100 -> k=null+a@75
    left  k A 84
    left  k B 85  -> k=B+a@85
    left  k C 90  -> k=C+b@100
  `,
  )
  expect(dropped).toEqual(['joinWithin pairs: late'])
})

test('each side waits for as long as its own partners may come', async () => {
  await tells(
    await drive(within('outer', 20, 5, 0), { partitions: 1 }),
    `
    left  a A 10
    right b b 10
    right z z 15
    right z z 16 -> a=A+null@10
    right z z 30
    right z z 31 -> b=null+b@10
  `,
  )
})

test('a record without a key meets nobody: it is dropped, or comes out alone where its side does', async () => {
  const says = async (kind: Kind) => {
    const dropped: string[] = []
    const world = await drive(within(kind, 10, 10, 0), {
      partitions: 1,
      observer: { dropped: (_operator, reason) => dropped.push(reason) },
    })
    await world.send(left, null, 'A', 1)
    await world.send(right, null, 'a', 1)
    return [...(await world.read(joined)).map(({ key, value }) => `${key}=${value}`), ...dropped]
  }
  expect(await says('inner')).toEqual(['null key', 'null key'])
  expect(await says('left')).toEqual(['null=A+null', 'null key'])
  expect(await says('outer')).toEqual(['null=A+null', 'null=null+a'])
})

test('a record without key or value lets time pass, too, and what is over comes out', async () => {
  await tells(
    await drive(within('outer', 10, 10, 0), { partitions: 1 }),
    `
    left  a A 10
    right b - 21 -> a=A+null@10
    left  c C 22
    right - D 33 -> c=C+null@22 -=null+D@33
  `,
  )
})

test('what is over at one time comes out by time, the right side first, then by key and arrival', async () => {
  await tells(
    await drive(within('outer', 10, 10, 5), { partitions: 1 }),
    `
    left  b A 100
    right x a 100
    left  a B 101
    right c b 101
    left  d C 101
    left  d D 101
    right e c 200 -> x=null+a@100 b=A+null@100 c=null+b@101 a=B+null@101 d=C+null@101 d=D+null@101
  `,
  )
})

test('thousands that are over at one time come out in the same order', async () => {
  const world = await drive(within('outer', 1, 1, 5_000), { partitions: 1 })
  const expected: string[] = []
  for (let at = 0; at < 2_500; at++) {
    await world.append(left, `l${at % 7}`, 'A', 1_000 + at)
    if (at % 3 === 0) await world.append(right, 'r', 'a', 1_000 + at)
    if (at % 3 === 0) expected.push(`r@${1_000 + at}`)
    expected.push(`l${at % 7}@${1_000 + at}`)
  }
  await world.settle()
  expect(await world.read(joined)).toEqual([])
  await world.send(right, 'z', 'z', 100_000)
  expect((await world.read(joined)).map(({ key, timestamp }) => `${key}@${timestamp}`)).toEqual(expected)
})

test('a stream joined with itself: a record finds itself once', async () => {
  const self = topology('self', draft => {
    const lefts = draft.stream(left)
    lefts.joinWithin('pairs', lefts, { within: 5, grace: 0, kind: 'outer', merge: plus }).to(joined)
  })
  await tells(
    await drive(self, { partitions: 1 }),
    `
    left a A 1 -> a=A+A@1
    left a B 2 -> a=B+A@2 a=A+B@2 a=B+B@2
    left b D 3 -> b=D+D@3
    left a E 7 -> a=E+B@7 a=B+E@7 a=E+E@7
    left a F 99 -> a=F+F@99
  `,
  )
})

test('what nothing can meet any more leaves the stores and their changelogs', async () => {
  const world = await drive(within('outer', 10, 10, 5), { partitions: 1 })
  for (let at = 0; at < 300; at++) await world.send(at % 2 === 0 ? left : right, `k${at % 5}`, 'v', at)
  await world.send(left, 'z', 'Z', 1_000_000)
  await world.send(left, 'z', 'Z', 1_000_001)
  expect(await leftIn(world, 'within-pairs-left-changelog')).toEqual({ data: 2, order: 2 })
  expect(await leftIn(world, 'within-pairs-right-changelog')).toEqual({ data: 0, order: 0 })
})

test('it moves with its task to another instance, its time and its waiting records with it', async () => {
  const world = await drive(within('left', 10, 10, 5), { partitions: 2, instances: 2 })
  const moveAll = async (instance: string) => {
    for (const partition of [0, 1]) await world.move(partition, instance)
  }
  await tells(world, 'left k A 1\n left k B 12')
  await moveAll('instance-1')
  await tells(world, 'right k b 20 -> k=A+null@1 k=B+b@20')
  await moveAll('instance-0')
  await tells(world, 'left k C 4\n left k D 5\n left k E 30 -> k=D+null@5 k=E+b@30')
})

test('quiet inputs let time pass, so that the last record comes out, too', async () => {
  const quiet = topology('quiet', draft => {
    const rights = draft.stream(right, { idle: '10s' })
    draft
      .stream(left, { idle: '10s' })
      .joinWithin('pairs', rights, { within: '1s', grace: '1s', kind: 'left', merge: plus })
      .to(joined)
  })
  const world = await drive(quiet, { partitions: 2, instances: 2 })
  await tells(
    world,
    `
    left  k A 5000
    left  j A 6000
    right j a 6001 -> j=A+a@6001
    advance 9s
  `,
  )
  await world.advance('30s')
  expect(await emitted(world)).toEqual(['k=A+null@5000'])
  await world.advance('1h')
  expect(await emitted(world)).toEqual([])
})

test('a record that comes out alone fails by itself: what set it free is not lost, nor are those behind it', async () => {
  const dead = topic('dead', { key: text, value: text })
  const failing = topology('failing', { deadLetters: dead }, draft => {
    const merge = (one: string, other: string | undefined) => {
      if (one === 'bad') throw new Error('bad')
      return plus(one, other)
    }
    draft.stream(left).joinWithin('pairs', draft.stream(right), { within: 5, grace: 0, kind: 'left', merge }).to(joined)
  })
  const world = await drive(failing, { partitions: 1 })
  await tells(
    world,
    `
    left k bad 1
    left k A 2
    right k a 20 -> k=A+null@2
    left k B 21  -> k=B+a@21
  `,
  )
  expect((await world.readBytes('dead')).length).toBe(1)
})

/** All records ever, and what a join that forgets nothing says. */
class Model {
  readonly #kind: Kind
  readonly #spans: readonly [before: number, after: number, grace: number]
  readonly #seen: { side: 0 | 1; key: string; value: string; time: number; met: boolean; arrival: number }[] = []
  #now = -1

  constructor(kind: Kind, spans: readonly [number, number, number]) {
    this.#kind = kind
    this.#spans = spans
  }

  #reach(side: 0 | 1): number {
    return this.#spans[side === 0 ? 1 : 0]
  }

  #outer(side: 0 | 1): boolean {
    return this.#kind === 'outer' || (this.#kind === 'left' && side === 0)
  }

  take(side: 0 | 1, key: string, value: string, time: number): string[] {
    const [before, after, grace] = this.#spans
    this.#now = Math.max(this.#now, time)
    const over = (record: { side: 0 | 1; time: number }) => record.time + this.#reach(record.side) + grace < this.#now
    const alone = this.#seen.filter(record => !record.met && this.#outer(record.side) && over(record))
    alone.sort(
      (one, other) =>
        one.time - other.time ||
        other.side - one.side ||
        (one.key < other.key ? -1 : one.key > other.key ? 1 : one.arrival - other.arrival),
    )
    const said = alone.map(record => {
      record.met = true
      const [one, other] = record.side === 0 ? [record.value, undefined] : [undefined, record.value]
      return `${record.key}=${plus(one, other)}@${record.time}`
    })
    if (over({ side, time })) return said
    const [low, high] = side === 0 ? [time - before, time + after] : [time - after, time + before]
    const found = this.#seen.filter(
      record => record.side !== side && record.key === key && low <= record.time && record.time <= high,
    )
    found.sort((one, other) => one.time - other.time || one.arrival - other.arrival)
    for (const record of found) {
      record.met = true
      const pair = side === 0 ? plus(value, record.value) : plus(record.value, value)
      said.push(`${key}=${pair}@${Math.max(time, record.time)}`)
    }
    this.#seen.push({ side, key, value, time, met: found.length > 0, arrival: this.#seen.length })
    return said
  }
}

test('it says what a join that forgets nothing says, in the same order, however records come', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const roll = dice(seed)
    const kind = kinds[roll(3)]!
    const spans = [roll(20), roll(20), roll(15)] as const
    const model = new Model(kind, spans)
    const faults = dice(seed + 500)
    const world = await drive(within(kind, ...spans), {
      partitions: 1,
      faults: () => (['crash', 'abort', 'lose answer'] as const)[faults(60)],
    })
    let time = 50
    const expected: string[] = []
    for (let step = 0; step < 80; step++) {
      time = Math.max(0, time + roll(9) - 2 - (roll(8) === 0 ? 25 : 0) + (roll(20) === 0 ? 60 : 0))
      const side = roll(2) as 0 | 1
      const key = 'ab'[roll(2)]!
      expected.push(...model.take(side, key, `${step}`, time))
      await world.append(side === 0 ? left : right, key, `${step}`, time)
      // One at a time: records that wait together would be taken in the order of their times.
      await world.settle()
    }
    const said = (await world.read(joined)).map(({ key, value, timestamp }) => `${key}=${value}@${timestamp}`)
    expect(said, `seed ${seed}: ${kind} ${spans}`).toEqual(expected)
  }
})

test('inputs that are not partitioned alike, or whose keys are written differently, are refused in words', async () => {
  const draw = (other: typeof right) =>
    topology('uneven', draft => {
      draft.stream(left).joinWithin('pairs', draft.stream(other), { within: '1s', grace: 0, merge: plus }).to(joined)
    })
  await expect(drive(draw({ ...right, partitions: 3 }), { partitions: 2 })).rejects.toThrow(
    'PARTITIONS_DIFFER at uneven, joinWithin pairs: equal keys must meet in it, but "left" has 2 partitions, "right" ' +
      'has 3 partitions. To fix: give the topics one partition count, or put a rekey before the join.',
  )
  const binary = { ...right, key: bytes as unknown as typeof text }
  await expect(drive(draw(binary))).rejects.toThrow(
    'KEYS_DIFFER at uneven, joinWithin pairs: equal keys must meet in it, but keys of "left" are written as text, ' +
      'those of "right" are written as bytes.',
  )
})

test('types: a side may be missing exactly where the kind says so; values must be writable, and a window be given', () => {
  topology('typed', draft => {
    const lefts = draft.stream(left, { tombstones: 'keep' })
    const rights = draft.stream(right)
    const time = { within: '1s', grace: '1s' } as const
    const inner = lefts.joinWithin('inner', rights, {
      ...time,
      merge: (one, other, key) => {
        expectTypeOf(one).toEqualTypeOf<string>()
        expectTypeOf(other).toEqualTypeOf<string>()
        expectTypeOf(key).toEqualTypeOf<string>()
        return 1
      },
    })
    expectTypeOf(inner).toEqualTypeOf<BareStream<string, number>>()
    inner.discard()
    const sided = lefts.joinWithin('left', rights, {
      ...time,
      kind: 'left',
      merge: (one, other) => {
        expectTypeOf(one).toEqualTypeOf<string>()
        expectTypeOf(other).toEqualTypeOf<string | undefined>()
        return 1
      },
      as: whole,
    })
    expectTypeOf(sided).toMatchTypeOf<Stream<string, number>>()
    sided.discard()
    const both = lefts.joinWithin('outer', rights, {
      ...time,
      kind: 'outer',
      merge: (one, other) => {
        expectTypeOf(one).toEqualTypeOf<string | undefined>()
        expectTypeOf(other).toEqualTypeOf<string | undefined>()
        return 1
      },
    })
    both.discard()
    const refused = () => {
      // @ts-expect-error joinWithin: its values cannot be written
      inner.joinWithin('more', rights, { ...time, merge: plus })
      // @ts-expect-error nor can those of the other stream
      lefts.joinWithin('more', both, { ...time, merge: () => 1 })
      // @ts-expect-error how late a record may come is always said
      lefts.joinWithin('more', rights, { within: '1s', merge: plus })
      // @ts-expect-error a window has both ends
      lefts.joinWithin('more', rights, { before: '1s', grace: '1s', merge: plus })
    }
    expect(refused).toThrow()
  })
})
