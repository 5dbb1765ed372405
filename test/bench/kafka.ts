import { type Figure, figure, median } from './figure.ts'
import { bare, type Contestant, type Measured, ours, race, streams } from './kafka/contestant.ts'
import { names, Stage, sizes } from './kafka/stage.ts'
import type { TopologyName } from './kafka/topologies.ts'

// Against the real Kafka Streams on a real broker, in turn and in one run: exactly once on both sides, commits every 100 ms,
// acks of all replicas, the same topics. An output counts only after it was read back under read_committed and found equal.
// FRANZ_BENCH_RECORDS, FRANZ_BENCH_WARM and FRANZ_BENCH_PAIRS make it shorter; FRANZ_BENCH_PARTS picks, as in `map,count`.

const parts = ['map', 'count', 'windowed', 'join'] as const
const wanted = process.env.FRANZ_BENCH_PARTS?.split(',') ?? parts

const contestantsOf = (): Readonly<Record<TopologyName, readonly Contestant[]>> => ({
  map: [streams(false), ours, bare],
  count: [streams(false), streams(true), ours, bare],
  windowed: [streams(false), streams(true), ours],
  join: [streams(false), ours],
})

const goals: Readonly<Record<TopologyName, number>> = { map: 1, count: 1.1, windowed: 1.1, join: 1 }

/** Who emits each update must have written the very same records in the same order; who caches, the same last values. */
const refuseDifferent = (topology: string, results: ReadonlyMap<Contestant, Measured>): void => {
  const [[first, { output: expected }]] = [...results] as [[Contestant, Measured]]
  for (const [{ name }, { output }] of results) {
    const cached = name.includes('cached')
    const same = cached ? output.atLast === expected.atLast : output.inOrder === expected.inOrder
    if (!same)
      throw new Error(
        `${topology}: ${name} wrote ${output.records} records that are not those of ${first.name} (${expected.records}): no time counts`,
      )
  }
}

const compare = async (stage: Stage, topology: TopologyName): Promise<Figure[]> => {
  const contestants = contestantsOf()[topology]
  const rounds: ReadonlyMap<Contestant, Measured>[] = []
  for (let round = 0; round < sizes.pairs; round++) {
    const results = new Map<Contestant, Measured>()
    for (const contestant of contestants) {
      results.set(contestant, await race(stage, topology, contestant))
      const { perSecond, memory, cpu } = results.get(contestant)!
      console.error(
        `  ${topology} ${round + 1}/${sizes.pairs} ${contestant.name.padEnd(34)} ${Math.round(perSecond).toLocaleString('en').padStart(8)}/s ${memory.toFixed(0).padStart(4)} MiB ${cpu.toFixed(2).padStart(6)} us of processor a record`,
      )
    }
    refuseDifferent(topology, results)
    rounds.push(results)
  }
  const middle = (of: (round: ReadonlyMap<Contestant, Measured>) => number): number => median(rounds.map(of))
  const rates = contestants.map(one =>
    figure(
      `${topology}: ${one.name}`,
      middle(round => round.get(one)!.perSecond),
      '/s',
    ),
  )
  const peers = contestants.filter(({ name }) => name.startsWith('Kafka Streams'))
  const best = peers.reduce((a, b) => (middle(r => r.get(a)!.perSecond) >= middle(r => r.get(b)!.perSecond) ? a : b))
  const against = (other: Contestant, of: keyof Omit<Measured, 'output'>) =>
    middle(round => round.get(ours)![of] / round.get(other)![of])
  return [
    ...rates,
    figure(`${topology}: Franz / Kafka Streams, its better one`, against(best, 'perSecond'), 'x', {
      least: goals[topology],
    }),
    ...(contestants.includes(bare)
      ? [figure(`${topology}: Franz / the bare client loop`, against(bare, 'perSecond'), 'x', { least: 0.9 })]
      : []),
    figure(`${topology}: memory, Franz / Kafka Streams`, against(best, 'memory'), 'x', { most: 0.5 }),
    figure(`${topology}: processor time, Franz / Kafka Streams`, against(best, 'cpu'), 'x'),
  ]
}

const fillAll = async (stage: Stage): Promise<void> => {
  await stage.make(names.input, names.table)
  const startMs = Date.now() - 3 * (sizes.warm + sizes.records)
  await stage.fill(names.table, 0, sizes.keys, startMs - sizes.keys)
  await stage.fill(names.input, 0, sizes.warm + sizes.records, startMs)
}

export const figures = async (): Promise<Figure[]> => {
  const stage = await Stage.open()
  try {
    await fillAll(stage)
    const found: Figure[] = []
    for (const topology of parts) if (wanted.includes(topology)) found.push(...(await compare(stage, topology)))
    return found
  } finally {
    await stage.close()
  }
}
