import { expect, test } from 'vitest'
import { Holdings } from '../../../runners/kafka/holdings.ts'
import type { Consumer, Message, Place } from '../../../runners/kafka/native.ts'

const at = { topic: 't', partition: 0 }

/** A client that brings so many records at once, of so many bytes each, unless it is told to stop. */
class Client {
  stopped = false
  brought = 0
  readonly #atOnce: number
  readonly #value: Buffer

  constructor(atOnce: number, bytes: number) {
    this.#atOnce = atOnce
    this.#value = Buffer.alloc(bytes)
  }

  get consumer(): Consumer {
    const pause = (_: readonly Place[]): void => {
      this.stopped = true
    }
    const resume = (_: readonly Place[]): void => {
      this.stopped = false
    }
    return { pause, resume } as unknown as Consumer
  }

  batch(): Message[] {
    if (this.stopped) return []
    return Array.from({ length: this.#atOnce }, () => ({
      ...{ ...at, key: null, value: this.#value, timestamp: 1, offset: this.brought++ },
    }))
  }
}

/** What waits at most while someone takes a few at a time, and what was given. */
const taken = (client: Client, recordsMax: number, turns: number) => {
  const holdings = new Holdings(client.consumer)
  holdings.take({ ...at, offset: 0 })
  holdings.resume([at])
  const offsets: number[] = []
  let waitingMost = 0
  let givenMost = 0
  for (let turn = 0; turn < turns; turn++) {
    holdings.absorb({ messages: client.batch(), ends: [] })
    waitingMost = Math.max(waitingMost, client.brought - offsets.length)
    const given = holdings.give(recordsMax).flatMap(({ records }) => records)
    givenMost = Math.max(givenMost, given.length)
    offsets.push(...given.map(({ offset }) => offset))
  }
  return { waitingMost, givenMost, offsets }
}

test('whoever takes records slowly lets them wait on the brokers, not in memory, and gets each of them in order', () => {
  const { waitingMost, offsets } = taken(new Client(2_000, 10), 500, 200)
  expect(waitingMost).toBeLessThanOrEqual(12_000)
  expect(offsets).toEqual(Array.from({ length: 200 * 500 }, (_, offset) => offset))
})

test('large records wait in small numbers, and come a few at a time', () => {
  const { waitingMost, givenMost, offsets } = taken(new Client(64, 1024 * 1024), 500, 50)
  expect(waitingMost).toBeLessThanOrEqual(96)
  expect(givenMost).toBeLessThanOrEqual(16)
  expect(offsets).toEqual(Array.from({ length: offsets.length }, (_, offset) => offset))
  expect(offsets.length).toBeGreaterThan(200)
})
