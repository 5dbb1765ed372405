/** A stream of a case while its topology is built. */
import { type Format, rest, type Stream, text, topic } from '../../topology/index.ts'
import type { Text } from './functions.ts'

/** Text that may be missing: what is missing is never written. */
export const cell = text as Format<string, Text>
export type TextStream = Stream<Text, Text, string>

/** How stores, exchanges and the like are called that belong to a node. */
export const nameOf = (id: string): string => id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

export const textTopic = (name: string) => topic(name, { key: cell, value: text })

/** The options of a table that keeps versions, or none. */
export const versioned = ({ historyMs }: { readonly historyMs?: number }) =>
  historyMs === undefined ? {} : { versioned: { history: historyMs } }

type Test = (value: Text, key: Text) => boolean
type KeyOf<K> = (value: Text, key: K) => Text

/**
 * `together`: equal keys are in one place. `apart`: they need not be. `new`: the key has yet to be made.
 */
type Keys = 'together' | 'apart' | 'new'

/**
 * A stream and the key that its records shall have. As in Kafka Streams, a new key moves no record before something
 * needs equal keys in one place, which is when our `rekey` comes in. Until then a test is asked about the new key, a
 * sink writes it (`toKeyed`), and whatever changes the value has own code in front that emits under other keys.
 */
export interface Lane {
  filter(keep: Test): Lane
  peek(): Lane
  /** One lane for each arm; an arm without a test takes the rest. */
  branch(arms: readonly { readonly id: string; readonly when: Test | undefined }[]): Lane[]
  rekey(by: (value: Text, key: Text) => Text): Lane
  change(id: string, how: (stream: TextStream) => TextStream): Lane
  merge(id: string, others: readonly Lane[]): Lane
  /** Every record under its key, wherever it is. */
  keyed(id: string): { readonly stream: TextStream; readonly keys: Keys }
  /** Every record under its key, and equal keys in one place, by an exchange of this name if need be. */
  settled(name: string): TextStream
  to(topic: string): void
  discard(): void
}

export const laneOf = (stream: TextStream, keys: Keys = 'together'): Lane => lane(stream, (_, key) => key, keys)

/** A lane of records with a key that is not text. */
export const laneUnder = <K>(stream: Stream<K, Text, string>, keyOf: KeyOf<K>): Lane => lane(stream, keyOf, 'new')

function lane<K>(stream: Stream<K, Text, string>, keyOf: KeyOf<K>, keys: Keys): Lane {
  const same = (next: Stream<K, Text, string>): Lane => lane(next, keyOf, keys)
  const asks = (test: Test) => (value: Text, key: K) => test(value, keyOf(value, key))
  // Whoever says that the keys are not new has text keys.
  const asText = stream as unknown as TextStream
  const self: Lane = {
    filter: keep => same(stream.filter(asks(keep))),
    peek: () => same(stream.peek(() => {})),
    branch(arms) {
      const tests = arms.map(({ id, when }) => [id, when === undefined ? rest : asks(when)])
      const lanes = stream.branch(Object.fromEntries(tests) as Record<string, typeof rest>)
      return arms.map(({ id }) => same(lanes[id]!))
    },
    rekey: by => lane(stream, (value, key) => by(value, keyOf(value, key)), 'new'),
    change(id, how) {
      const keyed = self.keyed(id)
      return laneOf(how(keyed.stream), keyed.keys)
    },
    merge(id, others) {
      const all = [self, ...others].map((each, at) => each.keyed(`${id}-${at}`))
      const [first, ...more] = all.map(each => each.stream)
      return laneOf(first!.merge(...more), all.every(each => each.keys === 'together') ? 'together' : 'apart')
    },
    keyed(id) {
      if (keys !== 'new') return { stream: asText, keys }
      const emitting = stream.process(`${nameOf(id)}-keys`, {
        key: cell,
        as: cell,
        record: (value, key, { emit }) => emit(value, { key: keyOf(value, key) }),
      })
      return { stream: emitting, keys: 'apart' }
    },
    settled: name => (keys === 'together' ? asText : stream.rekey(nameOf(name), keyOf, { key: cell })),
    to: name => (keys === 'new' ? stream.toKeyed(textTopic(name), keyOf) : asText.to(textTopic(name))),
    discard: () => stream.discard(),
  }
  return self
}
