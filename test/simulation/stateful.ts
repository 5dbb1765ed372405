import type { Stream } from '../../topology/dsl/stream.ts'
import type { Table } from '../../topology/dsl/table.ts'
import { keyed, text, type Windowed, whole } from '../../topology/index.ts'
import type { Dice } from '../conformance/random/dice.ts'
import type { Independence, Texts } from './shapes.ts'

export interface Stateful {
  readonly independence: Independence
  readonly apply: (stream: Texts, name: string, dice: Dice) => Texts
}

/** Numbers as texts, so that any step may follow any other. */
export const asText = (stream: Stream<string, number | null, number>): Texts =>
  stream.map(value => `${value}`, { as: text })

const changesOf = (table: Table<string, string>): Texts => table.changes().map(value => value ?? 'gone', { as: text })

/** Windowed results under text keys again, through an exchange. */
const flat = (stream: Stream<Windowed<string>, number | null, number>, name: string): Texts =>
  asText(stream.rekey(`${name}-flat`, (_, { key, start, end }) => `${key}@${start}-${end}`, { key: text }))

/** What they make of a key depends on the order of that key's records alone. */
const byKey: readonly Stateful['apply'][] = [
  (stream, name) => asText(stream.group().count(name).changes()),
  (stream, name) =>
    changesOf(stream.group().reduce(name, (longest, value) => (value.length > longest.length ? value : longest))),
  (stream, name) =>
    asText(
      stream
        .group()
        .aggregate(name, { init: () => 0, add: (sum, value) => (sum > 40 ? null : sum + value.length), as: whole })
        .changes(),
    ),
  (stream, name) => changesOf(stream.table(name).filter(value => value.length > 2)),
  (stream, name) => {
    const one = stream.table(`${name}-one`)
    const other = stream.filter(value => value.length % 2 === 0).table(`${name}-other`)
    return changesOf(one.join(other, (a, b) => `${a}|${b}`, { as: text, kind: 'left' }))
  },
  (stream, name) => {
    const table = stream.map(value => `${value}?`, { as: text }).table(name)
    return stream.join(table, (value, row) => `${value}+${row}`, { kind: 'left' }).map(value => value, { as: text })
  },
  (stream, name) =>
    asText(
      stream
        .group()
        .cogroup({ init: () => 0, add: (sum: number, value) => sum + value.length, as: whole })
        .with(stream.filter(value => value.length > 4).group(), sum => sum + 100)
        .aggregate(name)
        .changes(),
    ),
]

/** What they make of a key depends on stream time too, and so on the records of other keys. */
const byTime: readonly Stateful['apply'][] = [
  (stream, name, dice) =>
    flat(
      stream
        .group()
        .tumbling({ size: dice.between(5, 40), grace: dice.between(0, 30) })
        .count(name)
        .changes(),
      name,
    ),
  (stream, name, dice) =>
    flat(
      stream
        .group()
        .hopping({ size: 30, every: dice.pick([10, 15]), grace: dice.between(0, 30) })
        .count(name)
        .changes(),
      name,
    ),
  (stream, name, dice) =>
    flat(
      stream
        .group()
        .sliding({ within: dice.between(4, 20), grace: dice.between(0, 30) })
        .count(name)
        .changes(),
      name,
    ),
  (stream, name, dice) =>
    flat(
      stream
        .group()
        .session({ gap: dice.between(4, 20), grace: dice.between(0, 30) })
        .count(name)
        .changes(),
      name,
    ),
  (stream, name, dice) =>
    flat(
      stream
        .group()
        .tumbling({ size: dice.between(5, 40), grace: dice.between(0, 30) })
        .count(name)
        .suppress(`${name}-held`)
        .changes(),
      name,
    ),
  (stream, name, dice) => stream.dedupe(name, { by: value => value, within: dice.between(5, 60) }),
  (stream, name) =>
    asText(
      stream
        .table(`${name}-rows`)
        .group(`${name}-by`, value => `${value.length % 3}`, { key: text })
        .count(name)
        .changes(),
    ),
  (stream, name) => {
    const rows = stream.table(`${name}-rows`)
    const others = stream.rekey(`${name}-others`, value => `${value.length}`, { key: text }).table(`${name}-looked-at`)
    return changesOf(
      rows.lookup(name, others, {
        key: row => `${row.length}`,
        with: (row, other) => `${row}~${other}`,
        as: text,
        kind: 'left',
      }),
    )
  },
]

const joins: readonly Stateful['apply'][] = [
  (stream, name, dice) =>
    stream.joinWithin(
      name,
      stream.filter(value => value.length % 2 === 0),
      {
        within: dice.between(2, 20),
        grace: dice.between(0, 30),
        kind: dice.pick(['inner', 'left', 'outer'] as const),
        merge: (left, right) => `${left}&${right}`,
        as: text,
      },
    ),
  (stream, name, dice) => {
    const versions = stream
      .map(value => `${value}'`, { as: text })
      .table(`${name}-versions`, { versioned: { history: dice.between(40, 200) } })
    const waits = { grace: dice.between(1, 30), buffer: `${name}-waiting` }
    const joined = stream.join(versions, (value, row) => `${value}=${row}`, { kind: 'left', ...waits })
    return joined.map(value => value, { as: text })
  },
  (stream, name) =>
    stream.process(name, {
      stores: { [`${name}-seen`]: keyed(text, whole) },
      timers: { reminder: 'stream' },
      as: text,
      record(value, key, { stores, timers, timestamp, emit }) {
        const seen = (stores[`${name}-seen`]!.get(key) ?? 0) + 1
        stores[`${name}-seen`]!.put(key, seen)
        timers.reminder.at(timestamp + 15, key)
        if (seen % 2 === 0) emit(`${value}#${seen}`)
      },
      due: {
        reminder(key, _time, { stores, emit }) {
          emit(`reminded of ${stores[`${name}-seen`]!.get(key)}`)
        },
      },
    }),
]

export const stateful: readonly Stateful[] = [
  ...byKey.map((apply): Stateful => ({ independence: 'sequence', apply })),
  ...[...byTime, ...joins].map((apply): Stateful => ({ independence: 'nothing', apply })),
]
