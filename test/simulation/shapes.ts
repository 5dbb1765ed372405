import type { Stream } from '../../topology/dsl/stream.ts'
import { bytes, rest, type Topology, text, topic, topology } from '../../topology/index.ts'
import type { Dice } from '../conformance/random/dice.ts'
import { asText, stateful } from './stateful.ts'

/**
 * What must equal the clean run, whatever the interleaving: every key's records in their order (`sequence`), or the
 * last one of every key (`last`); `nothing` where the order in which partitions are worked on rightly matters.
 */
export type Independence = 'sequence' | 'last' | 'nothing'

export interface Shape {
  readonly topology: Topology
  readonly independence: Independence
  readonly sources: readonly string[]
  readonly sinks: readonly string[]
}

export const inputs = [0, 1, 2].map(number => topic(`in-${number}`, { key: text, value: text }))
const output = (number: number) => topic(`out-${number}`, { key: text, value: text })

export type Texts = Stream<string, string, string>

/** Steps that keep the key and make values out of values. */
const stateless: readonly ((stream: Texts, dice: Dice) => Texts)[] = [
  stream => stream.map(value => `${value}!`, { as: text }),
  stream => stream.filter(value => value.length % 3 !== 0),
  stream => stream.flatMap(value => [value, value.toUpperCase()], { as: text }),
  stream => {
    const { short, others } = stream.branch({ short: value => value.length < 4, others: rest })
    return short.map(value => `short ${value}`, { as: text }).merge(others)
  },
]

const letters = topic('dead', { key: bytes, value: bytes })

/** Always the same words, so that a replay's dead letters are equal. */
const refusal = Object.assign(new Error('not this one'), { stack: 'not this one' })

/** Throws at some values, after whatever the record has done before. */
const refusing = (stream: Texts): Texts =>
  stream.map(
    value => {
      if (value.length % 5 === 3) throw refusal
      return value
    },
    { as: text },
  )

/** A topology of one or two sources, a few steps, perhaps an exchange, a join and some sinks. */
export const shapeOf = (dice: Dice): Shape => {
  let independence: Independence = 'sequence'
  const weaken = (to: Independence) => {
    const order: Independence[] = ['sequence', 'last', 'nothing']
    if (order.indexOf(to) > order.indexOf(independence)) independence = to
  }
  const sources: string[] = []
  const sinks: string[] = []
  let names = 0
  /** Whether partitions may meet in ways that let their order matter. */
  const mixes = dice.chance(0.4)
  /** Whether records fail, and leave dead letters and nothing else. */
  const refuses = dice.chance(0.4)
  const drawn = topology('simulated', refuses ? { deadLetters: letters } : {}, draft => {
    const read = (): Texts => {
      const source = inputs[sources.length]!
      sources.push(source.name)
      return draft.stream(source)
    }
    const finish = (stream: Texts) => {
      const sink = output(sinks.length)
      sinks.push(sink.name)
      stream.to(sink)
    }
    let stream = read()
    const steps = dice.between(1, 4)
    for (let step = 0; step < steps; step++) {
      if (dice.chance(0.5)) stream = dice.pick(stateless)(stream, dice)
      if (dice.chance(0.25)) stream = stream.rekey(`as-${names++}`, (_, key) => `${key}.`, { key: text })
      if (mixes && dice.chance(0.4)) {
        stream = stream.rekey(`by-${names++}`, (value, key) => `${key[0]}${value.length % 3}`, { key: text })
        // Records of one new key come from several partitions: their order is nobody's promise.
        weaken('nothing')
      }
      if (dice.chance(0.6)) {
        const { independence: its, apply } = dice.pick(
          mixes ? stateful : stateful.filter(step => step.independence !== 'nothing'),
        )
        weaken(its)
        stream = apply(stream, `store-${names++}`, dice)
      }
      if (refuses && dice.chance(0.6)) stream = refusing(stream)
    }
    if (mixes && dice.chance(0.5) && sources.length < inputs.length) {
      const table = read().table(`table-${names++}`)
      finish(
        stream
          .join(table, (value, row) => `${value}+${row}`, { kind: dice.pick(['inner', 'left'] as const) })
          .map(value => value, { as: text }),
      )
      weaken('nothing')
    }
    if (dice.chance(0.3)) {
      finish(
        asText(
          stream
            .rekey(`sum-${names++}`, value => `${value.length % 2}`, { key: text })
            .group()
            .count(`sum-${names++}`)
            .changes(),
        ),
      )
      weaken('last')
    }
    finish(stream)
  })
  return { topology: drawn, independence, sources, sinks }
}
