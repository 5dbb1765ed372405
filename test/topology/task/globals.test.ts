import { expect, test } from 'vitest'
import { type Format, type Topology, text, topic, topology } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'

const rows = topic('rows', { key: text, value: text, partitions: 3 })
const asks = topic('asks', { key: text, value: text })
const answers = topic('answers', { key: text, value: text })

const looking = (value: Format<string> = text, onError?: 'skip'): Topology =>
  topology('looking', { deadLetters: topic('dead', { key: text, value: text }) }, draft => {
    const table = draft.globalTable('table', { ...rows, value }, onError && { onError })
    draft
      .stream(asks)
      .lookup(table, { key: ask => ask, with: (ask, row) => `${ask}: ${row ?? 'nothing'}`, kind: 'left' })
      .to(answers)
  })

const said = async (world: Awaited<ReturnType<typeof drive>>) => (await world.read(answers)).map(({ value }) => value)

test('it is read to its end before the first record looks into it, however long it is', async () => {
  const first = await drive(looking())
  for (let row = 0; row < 20_000; row++) await first.append(rows, `row ${row}`, `value ${row}`)
  await first.append(asks, 'k', 'row 19999')
  const world = await drive(looking(), { log: first.log })
  await world.settle()
  expect(await said(world)).toEqual(['row 19999: value 19999'])
  expect(await world.look('table', 'row 7')).toBe('value 7')
})

test('each instance has all of it, and reads on', async () => {
  const world = await drive(looking(), { instances: 3, partitions: 3 })
  for (const row of ['a', 'b', 'c', 'd']) await world.send(rows, row, 'old')
  await world.send(rows, 'd', null)
  await world.send(rows, 'c', 'new')
  for (const key of ['1', '2', '3', '4', '5', '6']) for (const row of ['a', 'c', 'd']) await world.send(asks, key, row)
  const seen = new Set(await said(world))
  expect([...seen].sort()).toEqual(['a: old', 'c: new', 'd: nothing'])
  expect(world.plan.parts.length).toBe(2)
})

test('an instance that comes back reads it again from the log', async () => {
  const world = await drive(looking(), { partitions: 2 })
  await world.send(rows, 'a', 'A')
  await world.crash('instance-0', 'lost')
  await world.send(asks, 'k', 'a')
  expect(await said(world)).toEqual(['a: A'])
})

/** Text whose codec knows nothing of rows that begin with `new` until it has been told. */
const learned = (fetch: () => Promise<void>): Format<string> & { known: boolean } => {
  const format = {
    name: 'text',
    known: false,
    open: () => ({
      encode: (value: string) => new TextEncoder().encode(value),
      decode(bytes: Uint8Array) {
        const value = new TextDecoder().decode(bytes)
        if (value.startsWith('new') && !format.known) throw new Error('unknown schema')
        return value
      },
      prepare(bytes: Uint8Array) {
        if (format.known || bytes[0] !== 110) return undefined
        return fetch().then(() => {
          format.known = true
        })
      },
    }),
  }
  return format
}

test('rows of a schema that is out of reach wait, and nobody looks into the table before they are in it', async () => {
  let reachable = false
  const notes: string[] = []
  const value = learned(async () => {
    if (!reachable) throw new Error('the registry is down')
  })
  let now = 0
  const first = await drive(looking(), { clock: { now: () => now } })
  await first.append(rows, 'a', 'new row')
  await first.append(rows, 'b', 'plain')
  await first.append(asks, 'k', 'a')
  const world = await drive(looking(value), {
    log: first.log,
    observer: { note: (_level, message) => notes.push(message) },
  })
  await world.settle()
  expect(await said(world)).toEqual([])
  expect(notes).toEqual([expect.stringMatching(/^rows\/\d waits for a schema: the registry is down$/)])
  reachable = true
  now += 1_000
  await world.settle()
  expect(await said(world)).toEqual(['a: new row'])
})

test('once it is there, a partition that waits holds up nobody', async () => {
  let reachable = false
  const value = learned(async () => {
    if (!reachable) throw new Error('the registry is down')
  })
  const world = await drive(looking(value))
  await world.send(rows, 'a', 'old row')
  await world.send(rows, 'a', 'new row')
  await world.send(asks, 'k', 'a')
  expect(await said(world)).toEqual(['a: old row'])
  reachable = true
  await world.advance('1s')
  await world.send(asks, 'k', 'a')
  expect(await said(world)).toEqual(['a: new row'])
})

const bad = new Uint8Array([0xff])

test('a record that cannot be read stops the topology and says which one it is, dead letters or not', async () => {
  const world = await drive(looking())
  world.log.append({ topic: 'rows', partition: 2 }, [{ key: bad, value: bad, timestamp: 1, headers: [] }])
  await expect(world.settle()).rejects.toThrow(
    /^BYTES_WRONG at looking, rows, table table \(rows-2, offset 0\): the key at offset 0 cannot be read/,
  )
})

test('or it is left out, where the table says so', async () => {
  const failed: string[] = []
  const world = await drive(looking(text, 'skip'), {
    observer: { failed: (operator, policy) => failed.push(`${operator}: ${policy}`) },
  })
  world.log.append({ topic: 'rows', partition: 2 }, [{ key: bad, value: bad, timestamp: 1, headers: [] }])
  await world.send(rows, 'a', 'A')
  await world.send(asks, 'k', 'a')
  expect(await said(world)).toEqual(['a: A'])
  expect(failed).toEqual(['rows, table table: skip'])
  expect(await world.readBytes('dead')).toEqual([])
})
