import type { Row, StreamTime } from '../operators/operator.ts'
import type { Codec } from '../ports/codec.ts'
import { sha256 } from '../sha256.ts'
import { binaryOf } from '../text.ts'
import { dataTag, indexTag } from './keys.ts'
import { type RowStore, rowCodec } from './rows.ts'
import type { Staged } from './staged.ts'
import { marker, TimeIndex } from './time-index.ts'

/** 128 bits: among a billion questions two have the same hash once in 10^20 times. */
const hashBytes = 16

interface MemoryContext extends RowStore {
  undo(work: () => void): void
}

/** Answers by the hash of their question, kept for a while of stream time. */
export class AnswerMemory {
  readonly #question: Codec<unknown>
  readonly #answer: Codec<unknown>
  readonly #version: Uint8Array
  readonly #answers: Staged<Row<Uint8Array>>
  readonly #order: TimeIndex
  readonly #time: StreamTime
  readonly #remembersMs: number

  constructor(context: MemoryContext, store: string, version: Uint8Array, time: StreamTime, remembersMs: number) {
    const { key, value } = context.codecs(store)
    this.#question = key as Codec<unknown>
    this.#answer = value as Codec<unknown>
    this.#version = version
    this.#answers = context.staged(store, rowCodec<Uint8Array>({ encode: bytes => bytes, decode: bytes => bytes }))
    this.#order = new TimeIndex(context.staged(store, marker), indexTag, context.undo)
    this.#time = time
    this.#remembersMs = remembersMs
  }

  advance(timestamp: number): void {
    this.#time.advance(timestamp)
  }

  /** What a question is known by. Another version of who answers makes it another question. */
  hash(question: unknown): string {
    const content = this.#question.encode(question)
    const bytes = new Uint8Array(this.#version.length + content.length)
    bytes.set(this.#version)
    bytes.set(content, this.#version.length)
    return binaryOf(sha256(bytes).subarray(0, hashBytes))
  }

  /** An answer in bytes; throws where it is none. */
  read(answer: unknown): Uint8Array {
    return this.#answer.encode(answer)
  }

  /** An answer as it is after a restart, too. */
  answer(bytes: Uint8Array): unknown {
    return this.#answer.decode(bytes)
  }

  get(hash: string): unknown {
    const row = this.#answers.get(dataTag + hash)
    if (row === undefined || row.timestamp + this.#remembersMs < this.#time.now) return undefined
    return this.answer(row.value)
  }

  put(hash: string, answer: Uint8Array): void {
    if (this.#remembersMs === 0) return
    const before = this.#answers.get(dataTag + hash)
    const timestamp = Math.max(0, this.#time.now)
    if (before !== undefined) this.#order.remove(before.timestamp, hash)
    this.#answers.put(dataTag + hash, { value: answer, timestamp })
    this.#order.add(timestamp, hash)
  }

  /** Forgets what is of that time or older; true: all of it. */
  expire(upTo: number, entriesMax: number): boolean {
    const expired = this.#order.upTo(upTo, entriesMax)
    for (const { timeMs, key } of expired) {
      this.#order.remove(timeMs, key)
      this.#answers.delete(dataTag + key)
    }
    return expired.length < entriesMax
  }
}
