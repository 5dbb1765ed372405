// TaskState. Owns: the stores of one task with what is staged in them, the stream times and alarms kept there.
// Does not own: the committed content (ReadableStore), when a commit happens (Worker), what a timer's work does (Timers).

import { messageOf, TopologyError } from '../errors.ts'
import type { Node } from '../graph/graph.ts'
import type { ClockName } from '../operators/operator.ts'
import type { Part } from '../plan/plan.ts'
import type { ReadableStore, StoreChanges, StoreName } from '../ports/log.ts'
import { Alarms } from '../state/alarms.ts'
import type { Journal } from '../state/journal.ts'
import { noteTag } from '../state/keys.ts'
import { Staged, type Strictness, type ValueCodec } from '../state/staged.ts'
import { marker } from '../state/time-index.ts'
import { KeptTime, noTime, type TimeLimits, timeCodec } from './time.ts'
import type { Periodic, Timers } from './timers.ts'
import { located } from './wiring.ts'

interface OpenStore {
  readonly name: StoreName
  readonly base: ReadableStore
  readonly views: Staged<unknown>[]
}

export class TaskState {
  readonly #journal: Journal
  readonly #strict: Strictness
  readonly #limitsOf: (node: string) => TimeLimits | undefined
  readonly #stores: ReadonlyMap<string, OpenStore>
  readonly #times = new Map<string, KeptTime>()

  constructor(
    part: Part,
    partition: number,
    stores: ReadonlyMap<string, ReadableStore>,
    journal: Journal,
    limitsOf: (node: string) => TimeLimits | undefined,
    strict: Strictness,
  ) {
    this.#strict = strict
    this.#journal = journal
    this.#limitsOf = limitsOf
    this.#stores = new Map(
      part.stores.map(({ facts, changelog }) => [
        facts.name,
        { name: { store: facts.name, partition, changelog }, base: stores.get(facts.name)!, views: [] },
      ]),
    )
  }

  changelog(store: string): string {
    return this.#stores.get(store)!.name.changelog
  }

  staged<V>(store: string, codec: ValueCodec<V>, prefix?: string): Staged<V> {
    const { base, views } = this.#stores.get(store)!
    const staged = new Staged(base, writable(store, codec), this.#journal, this.#strict, prefix)
    views.push(staged as unknown as Staged<unknown>)
    return staged
  }

  /** What an operator notes about itself is kept in its first store. */
  #notes({ facts }: Node): Staged<number> | undefined {
    const store = facts.stores?.[0]?.name
    return store === undefined ? undefined : this.staged(store, timeCodec)
  }

  /** The operator's stream time; a second one of the same operator has another name. */
  time(node: Node, name = node.id): KeptTime {
    const time = new KeptTime(name, this.#notes(node), this.#journal, this.#limitsOf(node.id))
    this.#times.set(name, time)
    return time
  }

  /** The stream time of an operator that has asked for one. */
  timeOf(node: string): KeptTime | undefined {
    return this.#times.get(node)
  }

  /** The furthest that any of its operators has come. */
  get latestMs(): number {
    return Math.max(noTime, ...[...this.#times.values()].map(({ now }) => now))
  }

  /** Lets time pass for all of them. */
  advance(timeMs: number): void {
    for (const time of this.#times.values()) time.advance(timeMs)
  }

  every(timers: Timers, node: Node, clock: ClockName, name: string, periodic: Periodic, nowMs: number): void {
    const { intervalMs } = periodic
    const timer = { intervalMs, work: located(periodic.work, node.id) }
    if (clock === 'stream') {
      timers.everyStream(node.id, () => this.#timerTime(node), timer)
      return
    }
    const notes = this.#notes(node)
    const key = `${noteTag}every ${node.id} ${name}`
    const kept = notes && { get: () => notes.get(key), put: (dueMs: number) => notes.put(key, dueMs) }
    timers.everyWall(node.id, timer, nowMs, kept)
  }

  alarms(timers: Timers, node: Node, clock: ClockName, name: string, ring: (key: string, timeMs: number) => void) {
    const store = node.facts.stores![0]!.name
    const undo = (work: () => void) => this.#journal.open && this.#journal.note(work)
    const alarms = new Alarms(node.id, name, this.staged(store, timeCodec), this.staged(store, marker), undo)
    const ringing = { alarms, ring: located(ring, node.id) }
    if (clock === 'stream') timers.ringStream(node.id, () => this.#timerTime(node), ringing)
    else timers.ringWall(node.id, ringing)
    return alarms
  }

  /** Timers go by all records of the task, not only by those that reach their operator. */
  #timerTime(node: Node): KeptTime {
    return this.time(node, `timers ${node.id}`)
  }

  /** Stages the stream times for the commit at hand. */
  keepTimes(): void {
    for (const time of this.#times.values()) time.keep()
  }

  changes(): StoreChanges[] {
    const changes: StoreChanges[] = []
    for (const { name, views } of this.#stores.values()) {
      const lists = views.map(view => view.changes()).filter(entries => entries.length > 0)
      if (lists.length > 0) changes.push({ ...name, entries: lists.length === 1 ? lists[0]! : lists.flat() })
    }
    return changes
  }

  get dirtyEntries(): number {
    let dirty = 0
    for (const { views } of this.#stores.values()) for (const view of views) dirty += view.dirtyEntries
    return dirty
  }

  committed(): void {
    for (const { views } of this.#stores.values()) for (const view of views) view.committed()
  }
}

/** Says which store it is that a value cannot be written to. */
const writable = <V>(store: string, codec: ValueCodec<V>): ValueCodec<V> => ({
  decode: bytes => codec.decode(bytes),
  encode(value) {
    try {
      return codec.encode(value)
    } catch (error) {
      throw new TopologyError('VALUE_WRONG', `the store "${store}"`, messageOf(error), error)
    }
  },
})
