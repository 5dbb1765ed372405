import { expect, test } from 'vitest'
import { json, text, topic, topology, whole } from '../../../topology/index.ts'
import { type CommitStep, commitSteps, type DriveOptions, drive } from '../../../topology/testing.ts'

interface Customer {
  readonly name: string
  readonly tier: string
}

const customers = topic('customers', { key: text, value: json<Customer>('Customer') })
const changes = topic('changes', { key: text, value: json<Customer>('Customer') })
const orders = topic('orders', { key: text, value: text })
const named = topic('named', { key: text, value: text })
const counts = topic('counts', { key: text, value: whole })

const table = topology('shop', draft => {
  draft.table('customers', customers, { expire: '10s' }).changes().to(changes)
})

type World = Awaited<ReturnType<typeof drive>>
const started = async (drawn: typeof table, options: DriveOptions = {}) => {
  const dropped: string[] = []
  const observer = { dropped: (operator: string, reason: string) => dropped.push(`${operator}: ${reason}`) }
  return { dropped, world: await drive(drawn, { partitions: 1, observer, ...options }) }
}
const told = async (world: World) =>
  (await world.read(changes)).map(({ key, value, timestamp }) => `${key} ${value?.name ?? '-'} ${timestamp}`)
const ann: Customer = { name: 'Ann', tier: 'gold' }
const bob: Customer = { name: 'Bob', tier: 'gold' }

test('a row that was not changed for so long is deleted, here and downstream, at the moment it was over', async () => {
  const { world } = await started(table)
  await world.send(customers, 'a', ann, 1_000)
  await world.send(customers, 'b', bob, 4_000)
  await world.send(customers, 'b', bob, 11_000)
  expect(await told(world)).toEqual(['a Ann 1000', 'b Bob 4000', 'b Bob 11000'])
  expect(await world.look('customers', 'a')).toEqual(ann)
  await world.send(customers, 'c', bob, 11_001)
  expect(await told(world)).toEqual(['a - 11000', 'c Bob 11001'])
  expect(await world.look('customers', 'a')).toBe(undefined)
  await world.send(customers, 'c', bob, 21_001)
  expect(await told(world)).toEqual(['b - 21000', 'c Bob 21001'])
})

test('a row that comes again begins anew, and one that was deleted leaves nothing to expire', async () => {
  const { world } = await started(table)
  await world.send(customers, 'a', ann, 0)
  await world.send(customers, 'a', null, 1_000)
  await world.send(customers, 'b', bob, 5_000)
  await world.send(customers, 'a', ann, 16_000)
  expect(await told(world)).toEqual(['a Ann 0', 'a - 1000', 'b Bob 5000', 'b - 15000', 'a Ann 16000'])
})

test('a change that comes out of order counts by its own time, and one that is too old by then is dropped', async () => {
  const { world, dropped } = await started(table)
  await world.send(customers, 'a', ann, 20_000)
  await world.send(customers, 'a', bob, 15_000)
  await world.send(customers, 'b', bob, 9_999)
  await world.send(customers, 'c', ann, 25_001)
  expect(await told(world)).toEqual(['a Ann 20000', 'a Bob 15000', 'a - 25000', 'c Ann 25001'])
  expect(dropped).toEqual(['table customers: expired'])
})

test('a join finds no row that is over, though more are over than are deleted at once', async () => {
  const joining = topology('joining', draft => {
    const people = draft.table('customers', customers, { expire: '10s' })
    people.changes().to(changes)
    draft
      .stream(orders)
      .join(people, (order, person) => `${order} of ${person?.name ?? 'nobody'}`, { kind: 'left', as: text })
      .to(named)
  })
  const { world } = await started(joining)
  for (let at = 0; at < 2_500; at++) await world.append(customers, `key-${at}`, ann, at)
  await world.settle()
  await told(world)
  await world.send(customers, 'key-0', bob, 100_000)
  const first = await told(world)
  expect(first.length).toBe(1_001)
  expect(first[0]).toBe('key-0 - 10000')
  await world.send(orders, 'key-2400', 'an order', 100_000)
  await world.send(orders, 'key-0', 'an order', 100_000)
  expect((await world.read(named)).map(({ value }) => value)).toEqual(['an order of nobody', 'an order of Bob'])
  // A row that is over, and not deleted yet, says so before it begins anew.
  await world.send(customers, 'key-2400', bob, 100_000)
  const second = await told(world)
  expect(second.slice(-2)).toEqual(['key-2400 - 12400', 'key-2400 Bob 100000'])
  await world.send(customers, 'key-0', bob, 100_000)
  expect(first.length - 1 + second.length - 1 + (await told(world)).length - 1).toBe(2_500)
})

test('an aggregate begins anew after its row has expired', async () => {
  const counting = topology('counting', draft => {
    draft.stream(orders).group().count('orders-by-key', { expire: '10s' }).changes().to(counts)
  })
  const { world, dropped } = await started(counting)
  for (const [key, at] of [
    ['a', 0],
    ['a', 9_000],
    ['b', 19_001],
    ['a', 19_002],
    ['c', 9_001],
    ['b', 1_000],
  ] as const)
    await world.send(orders, key, '', at)
  expect((await world.read(counts)).map(({ key, value, timestamp }) => `${key}=${value}@${timestamp}`)).toEqual([
    'a=1@0',
    'a=2@9000',
    'a=null@19000',
    'b=1@19001',
    'a=1@19002',
    'b=2@19001',
  ])
  expect(dropped).toEqual(['count orders-by-key: expired'])
})

test('what is told once per commit is told of expired rows as well', async () => {
  const counting = topology('counting', draft => {
    draft.stream(orders).group().count('orders-by-key', { expire: '10s', emit: 'perCommit' }).changes().to(counts)
  })
  const { world } = await started(counting)
  await world.append(orders, 'a', '', 0)
  await world.append(orders, 'b', '', 0)
  await world.settle()
  await world.read(counts)
  await world.append(orders, 'a', '', 50_000)
  await world.append(orders, 'a', '', 50_001)
  await world.settle()
  expect((await world.read(counts)).map(({ key, value }) => `${key}=${value}`).sort()).toEqual(['a=2', 'b=null'])
})

test('a table behind it takes back what the row gave', async () => {
  const tiers = topology('tiers', draft => {
    draft
      .table('customers', customers, { expire: '10s' })
      .group('by-tier', ({ tier }) => tier, { key: text })
      .count('customers-by-tier')
      .changes()
      .to(counts)
  })
  const { world } = await started(tiers)
  await world.send(customers, 'a', ann, 0)
  await world.send(customers, 'b', bob, 5_000)
  await world.send(customers, 'b', bob, 12_000)
  expect(await world.look('customers-by-tier', 'gold')).toBe(1)
})

test('a row that is changed often costs an entry of the order now and then', async () => {
  const { world } = await started(table)
  for (let at = 0; at < 2_000; at++) await world.send(customers, 'hot', ann, at * 100)
  const written = (await world.readBytes('shop-customers-changelog')).filter(({ key }) => key![0] === 2)
  // 200 seconds are 20 times the time of the row: each time one place is left and one taken.
  expect(written.length).toBeLessThan(45)
})

test('the quiet of a source lets rows expire as well', async () => {
  const quiet = topology('quiet', draft => {
    draft.table('customers', customers, { expire: '10s', idle: '5s' }).changes().to(changes)
  })
  const { world } = await started(quiet)
  await world.send(customers, 'a', ann, 0)
  for (let step = 0; step < 3; step++) await world.advance('5s')
  expect(await told(world)).toEqual(['a Ann 0', 'a - 10000'])
})

test('rows that were there before they were to expire do so, too', async () => {
  const before = topology('shop', draft => draft.table('customers', customers).changes().to(changes))
  const first = await started(before)
  await first.world.send(customers, 'a', ann, 0)
  const { world } = await started(table, { log: first.world.log })
  await world.send(customers, 'b', bob, 10_001)
  expect((await told(world)).at(-2)).toBe('a - 10000')
})

test('a versioned table cannot have rows that expire', () => {
  expect(() =>
    topology('both', draft => draft.table('customers', customers, { expire: '1h', versioned: { history: '1h' } })),
  ).toThrow('OPTION_WRONG at expire of customers: a versioned table keeps its rows')
  expect(() => topology('none', draft => draft.table('customers', customers, { expire: 0 }))).toThrow(
    'OPTION_WRONG at expire of customers: it must be longer than nothing',
  )
})

test('faults at every step of every commit delete each row once', async () => {
  const story = async (options: DriveOptions) => {
    const { world } = await started(table, { partitions: 2, instances: 2, ...options })
    for (let at = 0; at < 30; at++) await world.send(customers, 'abcdef'[(at * 5) % 6]!, ann, at * 1_700)
    for (const key of 'adef') await world.send(customers, key, bob, 90_000)
    return { told: (await told(world)).sort(), kept: await world.look('customers', 'b') }
  }
  const calm = await story({})
  expect(calm.told.filter(line => line.includes(' - ')).length).toBeGreaterThan(5)
  for (const fault of ['crash', 'abort', 'lose answer'] as const) {
    for (const step of commitSteps) {
      let seen = 0
      const faults = (at: CommitStep) => (at === step && ++seen % 5 === 1 ? fault : undefined)
      expect(await story({ faults }), `${fault} at ${step}`).toEqual(calm)
    }
  }
})
