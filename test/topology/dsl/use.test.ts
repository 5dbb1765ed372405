import { expect, test } from 'vitest'
import { type BareStream, rest, type Stream, text, topic, topology, whole } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'

const lines = topic('lines', { key: text, value: text })
const loud = topic('loud', { key: text, value: text })
const counts = topic('counts', { key: text, value: whole })

/** A fragment keeps what it knows of the stream: here, how its values are written. */
const withoutSpam = <K>(stream: Stream<K, string>) => stream.filter(line => !line.includes('spam'))

/** A fragment may give back whatever it likes: lanes, tables, or what a test wants to look into. */
const sorted = <K>(stream: Stream<K, string>) => {
  const { long, short } = stream.branch({ long: line => line.length > 5, short: rest })
  return { long, short, seen: stream.group().count('seen') }
}

/** A fragment may end the stream. */
const shouted = (stream: BareStream<string, string>) => stream.toKeyed(loud, (_line, key) => `${key}!`)

test('a fragment draws on where it is used, twice the same in two topologies', async () => {
  const drawn = (name: string) =>
    topology(name, draft => {
      const { long, short, seen } = draft.stream(lines).use(withoutSpam).use(sorted)
      short.discard()
      long.map(line => line.toUpperCase()).use(shouted)
      seen.changes().use(changes => changes.filter(count => count !== null).to(counts))
    })
  for (const name of ['first', 'second']) {
    const world = await drive(drawn(name), { partitions: 1 })
    for (const line of ['hello world', 'spam, spam', 'short']) await world.send(lines, 'a', line)
    expect((await world.read(loud)).map(({ key, value }) => [key, value])).toEqual([['a!', 'HELLO WORLD']])
    expect((await world.read(counts)).map(({ value }) => value)).toEqual([1, 2])
  }
})

test('names in a fragment are those of the topology: used twice in one, they are refused', async () => {
  const twice = topology('twice', draft => {
    const stream = draft.stream(lines)
    for (const used of [stream.use(sorted), stream.use(sorted)]) {
      used.long.discard()
      used.short.discard()
    }
  })
  await expect(drive(twice)).rejects.toThrow('NAME_TAKEN at twice: two of its stores are called "seen"')
})

test('a fragment that takes parameters names what it keeps by them', async () => {
  const tallied = (name: string) => (stream: Stream<string, string>) => stream.group().count(name)
  const world = await drive(
    topology('tallies', draft => {
      const stream = draft.stream(lines)
      stream.use(tallied('all'))
      stream.use(withoutSpam).use(tallied('wanted'))
    }),
    { partitions: 1 },
  )
  for (const line of ['hello', 'spam']) await world.send(lines, 'a', line)
  expect([await world.look('all', 'a'), await world.look('wanted', 'a')]).toEqual([2, 1])
})
