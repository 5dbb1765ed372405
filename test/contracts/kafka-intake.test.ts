import { expect, test } from 'vitest'
import { Intake } from '../../runners/kafka/intake.ts'
import type { Consumer, Message, PlaceAt, Settle } from '../../runners/kafka/native.ts'

/** A client that answers when it is told to. */
const client = () => {
  let asked: Settle<Message[]> | undefined
  let ended: (at: PlaceAt) => void = () => {}
  const consumer = {
    setDefaultConsumeTimeout() {},
    setDefaultIsTimeoutOnlyForFirstMessage() {},
    on: (_: string, listener: typeof ended) => {
      ended = listener
    },
    consume(_: number, done: Settle<Message[]>) {
      if (asked !== undefined) throw new Error('asked twice at once')
      asked = done
    },
  }
  return {
    consumer: consumer as unknown as Consumer,
    get asked(): boolean {
      return asked !== undefined
    },
    /** Brings so many records from an offset on, and then perhaps the end of their partition. */
    brings(offset: number, count: number, end = false): void {
      const place = { topic: 'lines', partition: 0 }
      const messages = Array.from({ length: count }, (_, index) => ({ ...place, offset: offset + index }))
      if (end) ended({ ...place, offset: offset + count })
      const done = asked!
      asked = undefined
      done(null, messages as unknown as Message[])
    },
  }
}

test('what is drawn ahead comes in its order, and the end of a partition behind its records', () => {
  const { consumer, brings } = client()
  const intake = new Intake(consumer)
  intake.wake()
  brings(0, 2_000)
  brings(2_000, 2_000)
  brings(4_000, 10, true)
  const batches = [...intake.take(), ...intake.take(), ...intake.take()]
  expect(batches.map(({ messages }) => messages[0]?.offset)).toEqual([0, 2_000, 4_000])
  expect(batches.map(({ ends }) => ends.map(({ offset }) => offset))).toEqual([[], [], [4_010]])
  expect(intake.take()).toEqual([])
})

test('no more is drawn ahead than memory is meant for, and more is once it was taken', () => {
  const native = client()
  const intake = new Intake(native.consumer)
  intake.wake()
  let drawn = 0
  for (; native.asked && drawn < 100_000; drawn += 2_000) native.brings(drawn, 2_000)
  expect(drawn).toBe(8_000)
  expect(intake.take()).toHaveLength(1)
  expect(native.asked).toBe(true)
  expect(intake.take(Number.POSITIVE_INFINITY)).toHaveLength(3)
})

test('while partitions change hands nothing is drawn, and what was under way has come', async () => {
  const native = client()
  const intake = new Intake(native.consumer)
  intake.wake()
  const held = intake.hold()
  native.brings(0, 2_000)
  await held
  expect(intake.take()).toHaveLength(1)
  intake.wake()
  expect(native.asked).toBe(false)
  intake.release()
  expect(native.asked).toBe(true)
})
