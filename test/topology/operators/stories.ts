import { expect } from 'vitest'
import { type Topology, text, topic } from '../../../topology/index.ts'
import {
  type CommitStep,
  commitSteps,
  type Drive,
  type DriveOptions,
  drive,
  type Fault,
} from '../../../topology/testing.ts'

// A story has one line for each record, `topic key value timestamp`, and behind an arrow what comes out of it at once,
// `key=value@timestamp` for each result. `-` stands for null. `advance 10s` moves the clock.

const textTopic = (name: string, partitions?: number) =>
  topic(name, { key: text, value: text, ...(partitions !== undefined && { partitions }) })

/** The topics of most stories. */
export const left = textTopic('left')
export const right = textTopic('right')
export const third = textTopic('third')
export const joined = textTopic('joined')

/** Shows both sides of a join; a missing one as `null`. */
export const plus = (one: string | undefined, other: string | undefined): string => `${one ?? null}+${other ?? null}`

const orNull = (word: string): string | null => (word === '-' ? null : word)

const inputs = (story: string): string[] =>
  story
    .split('\n')
    .map(line => line.split('->')[0]!.trim().replace(/\s+/g, ' '))
    .filter(line => line !== '')

const step = async (world: Drive, line: string): Promise<void> => {
  const [name, ...rest] = line.split(' ')
  if (name === 'advance') return world.advance(rest[0] as `${number}s`)
  const [key, value, timestamp] = rest
  await world.send(textTopic(name!), orNull(key!), orNull(value!), Number(timestamp))
}

/** What came out since the last look. */
export const emitted = async (world: Drive, out: typeof joined = joined): Promise<string[]> =>
  (await world.read(out)).map(({ key, value, timestamp }) => `${key ?? '-'}=${value ?? '-'}@${timestamp}`)

/** Plays a story and holds what came out of each line against what the line says. */
export const tells = async (world: Drive, story: string, out: typeof joined = joined): Promise<void> => {
  const told: string[] = []
  for (const line of inputs(story)) {
    await step(world, line)
    told.push([line, ...(await emitted(world, out))].join(' '))
  }
  const tidy = (line: string) => line.replace('->', ' ').trim().replace(/\s+/g, ' ')
  expect(told).toEqual(story.split('\n').map(tidy).filter(Boolean))
}

/** Plays the inputs of a story and gives all that came out, by key. */
const outcome = async (world: Drive, story: string, out: typeof joined): Promise<Record<string, string[]>> => {
  for (const line of inputs(story)) await step(world, line)
  const byKey: Record<string, string[]> = {}
  for (const { key, value, timestamp } of await world.read(out)) {
    byKey[`${key}`] = [...(byKey[`${key}`] ?? []), `${value}@${timestamp}`]
  }
  return byKey
}

/** A crash in each step; the other faults where they differ from it. */
const faults: readonly (readonly [Fault, CommitStep])[] = [
  ...commitSteps.map(step => ['crash', step] as const),
  ['abort', 'appended'],
  ['lose answer', 'begin'],
  ['lose answer', 'committed'],
]

/**
 * Plays a story without any fault, and then with one fault in each step of each commit: what comes out for each key is
 * the same, in the same order.
 */
export const survives = async (
  topology: Topology,
  story: string,
  options: DriveOptions = {},
  out: typeof joined = joined,
): Promise<void> => {
  const expected = await outcome(await drive(topology, options), story, out)
  expect(expected).not.toEqual({})
  for (const [fault, at] of faults) {
    for (let nth = 1, met = true; met; nth++) {
      let seen = 0
      const world = await drive(topology, {
        ...options,
        faults: step => (step === at && ++seen === nth ? fault : undefined),
      })
      expect(await outcome(world, story, out), `${fault} at ${at}, commit ${nth}`).toEqual(expected)
      met = seen >= nth
    }
  }
}
