import type { Codec, Format } from '../../ports/codec.ts'
import { room } from '../../room.ts'
import { binaryOf, bytesOf } from '../../text.ts'
import { viewOf } from '../../time-bytes.ts'
import { wrapped } from '../../wrapped.ts'

// What goes back and forth between a row and the row of another table that it refers to. The question travels under the
// foreign key, the answer under the row's own key.

/**
 * What a row wants of the row it refers to. `answer`: its value, or that there is none. `match`: its value if there is
 * one. Both stay subscribed. `release`: nothing, now and later. `farewell`: the same, and word that it has been done.
 */
export type Wants = 'release' | 'farewell' | 'answer' | 'match'
const wants: readonly Wants[] = ['release', 'farewell', 'answer', 'match']

export interface Question {
  /** The key of the row that asks. */
  readonly key: unknown
  readonly wants: Wants
  /** Where it lives, for the answer to get there, however its topic is partitioned. */
  readonly partition: number
}

export interface Answer {
  /** The foreign key asked for, as bytes; null where the row refers to nothing. */
  readonly foreign: string | null
  /** Null where there is no such row. */
  readonly value: unknown
}

const questionHeadBytes = 5

const questionCodec = (key: Codec<unknown>): Codec<Question> => ({
  encode(question) {
    const keyBytes = key.encode(question.key)
    const bytes = room(questionHeadBytes + keyBytes.length)
    bytes[0] = wants.indexOf(question.wants)
    viewOf(bytes).setUint32(1, question.partition)
    bytes.set(keyBytes, questionHeadBytes)
    return bytes
  },
  decode(bytes) {
    const wanted = wants[bytes[0] ?? wants.length]
    if (wanted === undefined || bytes.length < questionHeadBytes) {
      throw new RangeError(`these ${bytes.length} bytes are not a question of a lookup`)
    }
    const partition = viewOf(bytes).getUint32(1)
    return { key: key.decode(bytes.subarray(questionHeadBytes)), wants: wanted, partition }
  },
  ...(key.prepare && { prepare: bytes => key.prepare!(bytes.subarray(questionHeadBytes)) }),
})

const hasForeign = 1
const hasValue = 2
const answerHeadBytes = 3

const answerCodec = (value: Codec<unknown>): Codec<Answer> => {
  const valueFrom = (bytes: Uint8Array): number => {
    const from = answerHeadBytes + (bytes[1] ?? 0) * 256 + (bytes[2] ?? 0)
    if (bytes[0]! <= (hasForeign | hasValue) && from <= bytes.length) return from
    throw new RangeError(`these ${bytes.length} bytes are not an answer of a lookup`)
  }
  return {
    encode(answer) {
      const foreign = bytesOf(answer.foreign ?? '')
      const valueBytes = answer.value === null ? new Uint8Array(0) : value.encode(answer.value)
      const bytes = room(answerHeadBytes + foreign.length + valueBytes.length)
      bytes[0] = (answer.foreign === null ? 0 : hasForeign) | (answer.value === null ? 0 : hasValue)
      viewOf(bytes).setUint16(1, foreign.length)
      bytes.set(foreign, answerHeadBytes)
      bytes.set(valueBytes, answerHeadBytes + foreign.length)
      return bytes
    },
    decode(bytes) {
      const from = valueFrom(bytes)
      return {
        foreign: bytes[0]! & hasForeign ? binaryOf(bytes.subarray(answerHeadBytes, from)) : null,
        value: bytes[0]! & hasValue ? value.decode(bytes.subarray(from)) : null,
      }
    },
    ...(value.prepare && {
      prepare: bytes => (bytes[0]! & hasValue ? value.prepare!(bytes.subarray(valueFrom(bytes))) : undefined),
    }),
  }
}

type AnyFormat = Format<unknown, never>

/** Questions of a table with these keys. */
export const questionFormat = (key: AnyFormat): Format<Question> =>
  wrapped(`question ${key.name}`, key, 'key', questionCodec)

/** Answers with rows of a table of these values. */
export const answerFormat = (value: AnyFormat): Format<Answer> =>
  wrapped(`answer ${value.name}`, value, 'value', answerCodec)
