import type { Checkpoint, Store } from '../../ports/log.ts'
import { MemoryStore } from '../../state/memory-store.ts'
import { bytesOf, utf8 } from '../../text.ts'
import { type Check, equal, holds } from './check.ts'

/**
 * How a suite gets at the store it examines.
 * @example const memory: StoreSubject = { open: () => new MemoryStore() }
 */
export interface StoreSubject {
  /** A store of this name; opened again, it has what it had. */
  open(name: string): Promise<Store> | Store
}

const checkpoint = (offset: number): Checkpoint => ({ logId: 'log', topicId: 'topic', offset, timeMs: 1_000 })

const entries = (store: Store, from?: Uint8Array, to?: Uint8Array, backwards = false) =>
  [...store.range(from, to, backwards)].map(([key, value]) => [new Uint8Array(key), new Uint8Array(value)])

const written = (...keys: string[]) => keys.map(key => [bytesOf(key), utf8(`value of ${key}`)] as const)

/** Steps of a store against the model in memory, from a seed. */
const randomSteps = 400

/**
 * The promises of the Store port.
 * @example for (const { name, run } of storeContract({ open: () => new MemoryStore() })) test(name, run)
 */
export const storeContract = (subject: StoreSubject): readonly Check[] => {
  let stores = 0
  const check: Make = (name, run) => ({
    name: `store: ${name}`,
    async run() {
      await run(await subject.open(`store-${stores++}`))
    },
  })
  return [...contentChecks(check), ...rangeChecks(check), ...wholeChecks(check)]
}

type Make = (name: string, run: (store: Store) => Promise<void>) => Check

const contentChecks = (check: Make): Check[] => [
  check('a new one is empty and has no checkpoint', async store => {
    equal([store.size, store.checkpoint ?? null, store.get(utf8('a')) ?? null], [0, null, null], 'a new store')
    equal(entries(store), [], 'its entries')
  }),
  check('gives back what was written, and the checkpoint with it', async store => {
    await store.write(written('a', 'b'), checkpoint(2))
    equal(store.get(utf8('a')), utf8('value of a'), 'the value of a')
    equal([store.size, store.checkpoint], [2, checkpoint(2)], 'size and checkpoint')
  }),
  check('null deletes; what is not there may be deleted', async store => {
    await store.write(written('a', 'b'), checkpoint(2))
    await store.write(
      [
        [utf8('a'), null],
        [utf8('zz'), null],
      ],
      checkpoint(4),
    )
    equal([store.get(utf8('a')) ?? null, store.size, store.checkpoint?.offset], [null, 1, 4], 'after the deletion')
  }),
  check('the last of several writes of a key counts', async store => {
    await store.write(
      [
        [utf8('a'), utf8('1')],
        [utf8('a'), null],
        [utf8('a'), utf8('2')],
      ],
      checkpoint(3),
    )
    equal([store.get(utf8('a')), store.size], [utf8('2'), 1], 'the value of a')
  }),
  check('keeps empty values apart from missing ones', async store => {
    await store.write([[utf8('a'), new Uint8Array(0)]], checkpoint(1))
    equal(store.get(utf8('a')), new Uint8Array(0), 'the empty value')
  }),
]

const rangeChecks = (check: Make): Check[] => [
  check('orders keys by their bytes, whatever they are', async store => {
    const keys = ['\x00', '\x00\x00', '\x01', '\x7f', '\x80', '\xfe\xff', '\xff', '\xff\xff']
    await store.write(
      [...keys].reverse().map(key => [bytesOf(key), utf8('.')] as const),
      checkpoint(8),
    )
    equal(
      entries(store).map(([key]) => key),
      keys.map(bytesOf),
      'the order',
    )
    equal(
      entries(store, undefined, undefined, true).map(([key]) => key),
      keys.map(bytesOf).reverse(),
      'backwards',
    )
  }),
  check('ranges take their start and leave out their end', async store => {
    await store.write(written('a', 'b', 'c', 'd'), checkpoint(4))
    const keys = (from?: string, to?: string, backwards = false) =>
      entries(store, from === undefined ? undefined : utf8(from), to === undefined ? undefined : utf8(to), backwards)
        .map(([key]) => String.fromCharCode(...key!))
        .join('')
    equal([keys('b', 'd'), keys('b', 'd', true)], ['bc', 'cb'], 'b to d')
    equal(
      [keys(undefined, 'c'), keys('c'), keys('bb', 'bc'), keys('d', 'b')],
      ['ab', 'cd', '', ''],
      'open and empty ends',
    )
    equal([keys('aa', 'c', true), keys('0', 'z', true)], ['b', 'dcba'], 'ends that are no keys')
  }),
  check('a range that is left early holds nothing up', async store => {
    await store.write(written('a', 'b', 'c'), checkpoint(3))
    for (const _ of store.range(undefined, undefined)) break
    await store.write(written('d'), checkpoint(4))
    equal(store.size, 4, 'the size')
  }),
]

const wholeChecks = (check: Make): Check[] => [
  check('takes keys of a kilobyte and values of a megabyte', async store => {
    const key = new Uint8Array(1_100).fill(7)
    const value = new Uint8Array(1_000_000).fill(9)
    await store.write([[key, value]], checkpoint(1))
    holds(store.get(key)?.length === value.length, 'the large value comes back whole')
  }),
  check('clear empties it, its checkpoint too', async store => {
    await store.write(written('a', 'b'), checkpoint(2))
    await store.clear()
    equal([store.size, store.checkpoint ?? null, entries(store)], [0, null, []], 'after clear')
    await store.write(written('c'), checkpoint(1))
    equal(store.size, 1, 'and it can be written again')
  }),
  check('does what a sorted map does, step by step', async store => {
    const model = new MemoryStore()
    let seed = 42
    const chance = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return (seed >>> 8) % below
    }
    const key = () => bytesOf(String.fromCharCode(...Array.from({ length: 1 + chance(3) }, () => chance(4) * 85)))
    for (let step = 1; step <= randomSteps; step++) {
      const batch = Array.from({ length: chance(6) }, () => [key(), chance(3) === 0 ? null : utf8(`${step}`)] as const)
      await store.write(batch, checkpoint(step))
      model.write(batch, checkpoint(step))
      const [from, to] = [chance(3) ? key() : undefined, chance(3) ? key() : undefined]
      const backwards = chance(2) === 0
      equal(entries(store, from, to, backwards), entries(model, from, to, backwards), `the range after step ${step}`)
      equal(store.size, model.size, `the size after step ${step}`)
    }
  }),
]

/**
 * For stores that outlive their process: what was written is there when they are opened again.
 * @example for (const { name, run } of durableStoreContract({ open: () => new MemoryStore() })) test(name, run)
 */
export const durableStoreContract = (subject: StoreSubject): readonly Check[] => [
  {
    name: 'store: opened again, it has its entries and its checkpoint',
    async run() {
      const first = await subject.open('durable')
      await first.write(written('a', 'b'), checkpoint(2))
      await first.close()
      const second = await subject.open('durable')
      equal(
        [second.get(utf8('b')), second.size, second.checkpoint],
        [utf8('value of b'), 2, checkpoint(2)],
        'the content',
      )
    },
  },
]
