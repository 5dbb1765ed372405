import type { Source } from '../dsl/topic.ts'
import type { Topology } from '../dsl/topology.ts'
import { TopologyError } from '../errors.ts'
import { binaryOf, fromUtf8 } from '../text.ts'
import { type Drive, type DriveOptions, drive } from './drive.ts'
import type { Fault, Faults } from './memory-log.ts'

/** One step of a commit in so many meets a fault. */
const stepsPerFault = 24
const kinds: readonly Fault[] = ['crash', 'crash', 'abort', 'lose answer']

/**
 * Crashes, aborted commits and lost answers at steps that the seed decides: the same ones each time.
 * @example const world = await drive(wordCount, { instances: 2, faults: seededFaults(7) })
 */
export const seededFaults = (seed: number): Faults => {
  let state = seed >>> 0
  const below = (count: number): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) % count
  }
  return () => (below(stepsPerFault) === 0 ? kinds[below(kinds.length)] : undefined)
}

/**
 * How a story is played again and again: on what, with which seeds, and what is compared.
 * @example const options: DespiteFaultsOptions = { reads: [wordCounts], partitions: 3, instances: 2, seeds: [7] }
 */
export interface DespiteFaultsOptions extends Omit<DriveOptions, 'faults' | 'log'> {
  /** The topics whose records must be the same. */
  readonly reads: readonly Source<unknown, unknown>[]
  /** Else the first fifty. */
  readonly seeds?: readonly number[]
}

const seedsDefault = 50

/**
 * Plays a story without faults, and with those of each seed: what each key has got in each topic must be the same, in the
 * same order. Throws with the seed where it is not, and gives back how many faults there were.
 * @example
 * await sameDespiteFaults(wordCount, { reads: [wordCounts], partitions: 3, instances: 2 }, async world => {
 *   await world.send(lines, 'a', 'to be or not to be')
 *   await world.move(1, 'instance-0')
 *   await world.send(lines, 'b', 'to be')
 * })
 */
export const sameDespiteFaults = async (
  topology: Topology,
  options: DespiteFaultsOptions,
  story: (world: Drive) => Promise<void>,
): Promise<number> => {
  const { reads, seeds = Array.from({ length: seedsDefault }, (_, index) => index + 1), ...driving } = options
  const played = async (faults: Faults): Promise<ReadonlyMap<string, string>> => {
    const world = await drive(topology, { ...driving, faults })
    await story(world)
    await world.settle()
    return outcome(world, reads)
  }
  const expected = await played(() => undefined)
  if (expected.size === 0) throw wrong(topology, 'the story leaves nothing in the topics that are read')
  let happened = 0
  for (const seed of seeds) {
    const faults = seededFaults(seed)
    const found = await played((step, instance) => {
      const fault = faults(step, instance)
      if (fault !== undefined) happened++
      return fault
    })
    for (const place of new Set([...expected.keys(), ...found.keys()])) {
      const [clean, faulty] = [expected, found].map(each => each.get(place) ?? 'nothing')
      if (clean === faulty) continue
      const words = `seed ${seed}, ${place}: ${clean} without faults, and ${faulty} with them`
      throw new Error(
        `${words}. To fix: play \`seeds: [${seed}]\` alone, and see what in the steps is not a function of record and state`,
      )
    }
  }
  if (happened === 0) throw wrong(topology, 'no fault happened, which proves nothing: give more seeds')
  return happened
}

const wrong = ({ name }: Topology, detail: string): TopologyError => new TopologyError('OPTION_WRONG', name, detail)

/** What each key got, in words. */
const outcome = async (world: Drive, reads: DespiteFaultsOptions['reads']): Promise<ReadonlyMap<string, string>> => {
  const got = new Map<string, string>()
  for (const { name } of reads) {
    for (const { key, value, timestamp, headers } of await world.readBytes(name)) {
      const place = `${name}, key ${shown(key)}`
      const carried = headers.map(([header, content]) => ` ${header}=${shown(content)}`).join('')
      got.set(place, `${got.has(place) ? `${got.get(place)}, ` : ''}${shown(value)} @ ${timestamp}${carried}`)
    }
  }
  return got
}

const shown = (bytes: Uint8Array | null): string => {
  if (bytes === null) return 'null'
  const isText = bytes.every(byte => byte >= 0x20 && byte < 0x7f)
  return JSON.stringify(isText ? fromUtf8(bytes) : binaryOf(bytes))
}
