// Enrich. Owns: the records that wait for an answer, in the order of their keys, and the answers that are remembered.
// Does not own: attempts, deadlines and retries (Asking), when what it did is committed (the task).
// E1  a record that waits is in the store with its source bytes before its position moves on: both are one commit.
// E2  records of one key leave in the order in which they came; null keys have no order.
// E3  a record leaves the store in the commit of what came of it: its output or its dead letter.
// E4  while a record waits, time downstream does not pass it.

import type { TopologyError } from '../errors.ts'
import type { CallFacts, StoreFacts, TopicSpec } from '../graph/graph.ts'
import type { Codec } from '../ports/codec.ts'
import { AnswerMemory } from '../state/answer-memory.ts'
import { after, dataTag, timeKey, timeOf } from '../state/keys.ts'
import { pendingBytes, pendingOf } from '../state/pending-bytes.ts'
import type { Staged } from '../state/staged.ts'
import { binaryOf, utf8 } from '../text.ts'
import { expireAtCommit } from './expiry.ts'
import type { Asking, Context, Item, Opened, OperatorOf, Origin } from './operator.ts'
import { sync } from './sync.ts'

export interface Enrichment {
  readonly call: CallFacts
  readonly pending: StoreFacts
  readonly answers: StoreFacts
  readonly ask: (value: unknown, key: unknown) => unknown
  readonly merge: (value: unknown, answer: unknown, key: unknown) => unknown
  /** Where records go that get no answer; else the topology's own policy decides. */
  readonly deadLetter: TopicSpec | undefined
  readonly otherwise: ((value: unknown, key: unknown, error: TopologyError) => unknown) | undefined
  /** How long answers are remembered, in stream time. */
  readonly remembersMs: number
  /** A task with so many records waiting takes no more. */
  readonly pendingMax: number
  readonly note: string
}

/** Answers are forgotten in this many steps of the time that they are remembered. */
const expirySteps = 100

/** Asks the outside world about each record, and emits it with the answer. */
export const enrich = (enrichment: Enrichment): OperatorOf => ({
  kind: 'enrich',
  facts: {
    call: enrichment.call,
    stores: [enrichment.pending, enrichment.answers],
    holds: true,
    ...(enrichment.deadLetter && { sink: { topic: enrichment.deadLetter, deadLetters: true } }),
    note: enrichment.note,
  },
  open: context => new Enrich(context, enrichment).opened(),
})

interface Asked {
  readonly question: unknown
  readonly hash: string
}

interface Waiting {
  readonly at: string
  /** Records with the same lane keep their order. */
  readonly lane: string
  readonly timestamp: number
  readonly origin: Origin | undefined
  /** Reads the item, once a task has opened again. */
  readonly item: () => Item
  /** Undefined once a task has opened again: the question is asked as the code is now. */
  readonly asks: Asked | undefined
  /** Takes the question back. */
  forget: (() => void) | undefined
}

class Enrich {
  readonly #context: Context
  readonly #how: Enrichment
  readonly #asking: Asking
  readonly #memory: AnswerMemory
  readonly #pending: Staged<Uint8Array>
  readonly #formats: { readonly key: Codec<unknown>; readonly value: Codec<unknown> }
  readonly #lanes = new Map<string, Waiting[]>()
  /** The record that is on its way out. */
  #leaving: Waiting | undefined
  #size = 0
  #nextSequence = 0
  /** The lowest timestamp that waits; undefined: to be looked up. */
  #oldest: number | undefined = Number.POSITIVE_INFINITY

  constructor(context: Context, how: Enrichment) {
    this.#context = context
    this.#how = how
    this.#asking = context.call()
    this.#formats = context.codecs(how.pending.name) as { key: Codec<unknown>; value: Codec<unknown> }
    this.#pending = context.staged<Uint8Array>(how.pending.name, { encode: bytes => bytes, decode: bytes => bytes })
    const time = context.time()
    const version = `${how.call.version}\0${this.#asking.version}\0`
    this.#memory = new AnswerMemory(context, how.answers.name, utf8(version), time, how.remembersMs)
    const stepMs = Math.ceil(how.remembersMs / expirySteps) || 1
    expireAtCommit(context, time, how.remembersMs + 1, stepMs, (upTo, max) => this.#memory.expire(upTo, max))
    this.#reopen()
  }

  /** What waited when the task was last at work waits again. */
  #reopen(): void {
    for (const [at, bytes] of this.#pending.range(dataTag, after(dataTag))) {
      const found = pendingOf(bytes)
      const item = (): Item => ({
        key: found.key === null ? null : this.#formats.key.decode(found.key),
        value: found.value === null ? null : this.#formats.value.decode(found.value),
        old: null,
        timestamp: found.timestamp,
        headers: found.headers,
      })
      const lane = found.key === null ? at : dataTag + binaryOf(found.key)
      this.#add({
        at,
        lane,
        timestamp: found.timestamp,
        origin: found.origin,
        item,
        asks: undefined,
        forget: undefined,
      })
      this.#nextSequence = timeOf(at, dataTag.length) + 1
    }
    if (this.#size === 0) return
    this.#context.soon(() => {
      for (const lane of [...this.#lanes.keys()]) this.#goOn(lane)
    })
  }

  opened(): Opened {
    const { pending, answers, pendingMax } = this.#how
    const waiting = (key: unknown) => this.#lanes.get(dataTag + binaryOf(this.#formats.key.encode(key)))?.length
    const row = (value: unknown) => (value === undefined ? undefined : { value, timestamp: 0 })
    return {
      steps: [item => this.#take(item)],
      views: {
        [pending.name]: { get: key => row(waiting(key)) },
        [answers.name]: { get: question => row(this.#memory.get(this.#memory.hash(question))) },
      },
      ceiling: staying => (staying && this.#leaving ? this.#oldestBut(this.#leaving) : this.#ceiling()),
      full: () => this.#size >= pendingMax,
      close: () => {
        for (const lane of this.#lanes.values()) for (const { forget } of lane) forget?.()
      },
    }
  }

  #take(item: Item): void {
    this.#memory.advance(item.timestamp)
    const asks = this.#asks(item)
    const key = item.key === null ? null : this.#formats.key.encode(item.key)
    const at = dataTag + timeKey(this.#nextSequence)
    const lane = key === null ? at : dataTag + binaryOf(key)
    if (!this.#lanes.has(lane)) {
      const answer = this.#memory.get(asks.hash)
      if (answer !== undefined) {
        this.#emit(item, answer)
        return
      }
    }
    this.#wait(item, key, at, lane, asks)
    if (this.#lanes.get(lane)!.length === 1) this.#ask(this.#lanes.get(lane)![0]!, asks)
  }

  #asks(item: Item): Asked {
    const question = sync(this.#how.ask(item.value, item.key), this.#context.id)
    return { question, hash: this.#memory.hash(question) }
  }

  #wait(item: Item, key: Uint8Array | null, at: string, lane: string, asks: Asked): void {
    const { timestamp, headers } = item
    const origin = this.#context.origin()
    const value = item.value === null ? null : this.#formats.value.encode(item.value)
    this.#pending.put(at, pendingBytes({ key, value, timestamp, headers, origin }))
    this.#nextSequence++
    const waiting: Waiting = { at, lane, timestamp, origin, item: () => item, asks, forget: undefined }
    this.#add(waiting)
    this.#context.undo(() => {
      waiting.forget?.()
      this.#drop(waiting)
    })
  }

  #add(waiting: Waiting): void {
    const lane = this.#lanes.get(waiting.lane)
    if (lane === undefined) this.#lanes.set(waiting.lane, [waiting])
    else lane.push(waiting)
    this.#size++
    if (this.#oldest !== undefined) this.#oldest = Math.min(this.#oldest, waiting.timestamp)
  }

  #drop(waiting: Waiting): void {
    const lane = this.#lanes.get(waiting.lane)!
    lane.splice(lane.indexOf(waiting), 1)
    if (lane.length === 0) this.#lanes.delete(waiting.lane)
    this.#size--
    if (this.#oldest === waiting.timestamp) this.#oldest = undefined
  }

  #ceiling(): number {
    this.#oldest ??= this.#oldestBut(undefined)
    return this.#oldest
  }

  #oldestBut(leaving: Waiting | undefined): number {
    let oldest = Number.POSITIVE_INFINITY
    for (const lane of this.#lanes.values()) {
      for (const waiting of lane) if (waiting !== leaving) oldest = Math.min(oldest, waiting.timestamp)
    }
    return oldest
  }

  #ask(waiting: Waiting, { question, hash }: Asked): void {
    waiting.forget = this.#asking.ask(hash, question, {
      read: answer => this.#memory.read(answer),
      answered: read => {
        this.#memory.put(hash, read as Uint8Array)
        this.#end(waiting, item => this.#emit(item, this.#memory.answer(read as Uint8Array)))
        this.#goOn(waiting.lane)
      },
      failed: error => {
        this.#end(waiting, item => this.#without(item, error))
        this.#goOn(waiting.lane)
      },
    })
  }

  /** The record leaves, whatever the error policy makes of what it causes now. */
  #end(waiting: Waiting, leave: (item: Item) => void): void {
    this.#leaving = waiting
    this.#context.apart(() => leave(waiting.item()), waiting.origin)
    this.#leaving = undefined
    this.#pending.delete(waiting.at)
    this.#drop(waiting)
  }

  /** The first of a lane has left: those behind it follow as far as their answers are known, and the next one asks. */
  #goOn(lane: string): void {
    for (;;) {
      const waiting = this.#lanes.get(lane)?.[0]
      if (waiting === undefined) return
      let { asks } = waiting
      const askAgain = (): void => {
        asks = this.#asks(waiting.item())
      }
      if (asks === undefined) this.#context.apart(askAgain, waiting.origin)
      const answer = asks && this.#memory.get(asks.hash)
      if (asks !== undefined && answer === undefined) {
        this.#ask(waiting, asks)
        return
      }
      // Either its answer is known, or its question could not be asked and has met the error policy.
      this.#end(waiting, item => answer !== undefined && this.#emit(item, answer))
    }
  }

  #emit({ key, value, timestamp, headers }: Item, answer: unknown): void {
    const { emit, id } = this.#context
    emit({ key, value: sync(this.#how.merge(value, answer, key), id), old: null, timestamp, headers })
  }

  #without(item: Item, error: TopologyError): void {
    const { otherwise, deadLetter } = this.#how
    const { id } = this.#context
    if (otherwise !== undefined) {
      const answer = this.#memory.read(sync(otherwise(item.value, item.key, error), id))
      this.#emit(item, this.#memory.answer(answer))
    } else if (deadLetter !== undefined) this.#context.deadLetter(deadLetter.name, error)
    else throw error
  }
}
