import { type Figure, figure, median } from './figure.ts'
import { bare, type Contestant, compile, type Measured, ours, race, streams } from './kafka/contestant.ts'
import { latencyOf } from './kafka/latency.ts'
import { fillRestored, restorable, restoreKeys } from './kafka/restore.ts'
import { names, Stage, sizes } from './kafka/stage.ts'
import type { TopologyName } from './kafka/topologies.ts'

// Against the real Kafka Streams on a real broker, in turn and in one run: exactly once on both sides, commits every 100 ms,
// acks of all replicas, the same topics. An output counts only after it was read back under read_committed and found equal.
// FRANZ_BENCH_RECORDS, FRANZ_BENCH_WARM and FRANZ_BENCH_PAIRS make it shorter; FRANZ_BENCH_SECONDS of latency; FRANZ_BENCH_KEYS of restore; FRANZ_BENCH_PARTS picks, as in `map,count`.

const races = ['map', 'count', 'windowed', 'join'] as const
const parts = [...races, 'latency', 'scaling', 'restore', 'embedded'] as const
const latencySeconds = Number(process.env.FRANZ_BENCH_SECONDS ?? 15)
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

const compare = async (stage: Stage, topology: TopologyName, known: Rates): Promise<Figure[]> => {
  const contestants = contestantsOf()[topology]
  const rounds: ReadonlyMap<Contestant, Measured>[] = []
  for (let round = 0; round < sizes.pairs; round++) {
    const results = new Map<Contestant, Measured>()
    for (const contestant of contestants) {
      results.set(contestant, await race(stage, topology, contestant))
      const { perSecond, memory, cpu, mainCpu, clientCpu } = results.get(contestant)!
      console.error(
        `  ${topology} ${round + 1}/${sizes.pairs} ${contestant.name.padEnd(34)} ${Math.round(perSecond).toLocaleString('en').padStart(8)}/s ${memory.toFixed(0).padStart(4)} MiB ${cpu.toFixed(2).padStart(6)} us of processor a record (${mainCpu.toFixed(2)} first thread, ${clientCpu.toFixed(2)} client)`,
      )
    }
    refuseDifferent(topology, results)
    rounds.push(results)
  }
  known.know(topology, rounds)
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

/** Rates of races that have been run already, in their order: what is measured against them needs no race of its own. */
class Rates {
  readonly #stage: Stage
  readonly #known = new Map<string, number[]>()

  constructor(stage: Stage) {
    this.#stage = stage
  }

  know(topology: TopologyName, rounds: readonly ReadonlyMap<Contestant, Measured>[]): void {
    for (const round of rounds)
      for (const [{ name }, { perSecond }] of round) {
        const key = `${topology} ${name}`
        this.#known.set(key, [...(this.#known.get(key) ?? []), perSecond])
      }
  }

  /** Of the race in that round; run now where there was none. */
  async of(topology: TopologyName, contestant: Contestant, round: number): Promise<number> {
    const known = this.#known.get(`${topology} ${contestant.name}`)?.[round]
    return known ?? (await race(this.#stage, topology, contestant)).perSecond
  }
}

const inPairs = async (
  pair: (round: number) => Promise<readonly [number, number]>,
): Promise<readonly (readonly [number, number])[]> => {
  const found: (readonly [number, number])[] = []
  while (found.length < sizes.pairs) found.push(await pair(found.length))
  return found
}

const latency = async (stage: Stage): Promise<Figure[]> => {
  const peer = streams(false)
  const found = await inPairs(async () => [
    await latencyOf(stage, ours, latencySeconds),
    await latencyOf(stage, peer, latencySeconds),
  ])
  return [
    figure('latency at 1,000/s, p99: Franz', median(found.map(([own]) => own)), 'ms'),
    figure('latency at 1,000/s, p99: Kafka Streams', median(found.map(([, theirs]) => theirs)), 'ms'),
    figure('latency at 1,000/s, p99: Franz / Kafka Streams', median(found.map(([own, theirs]) => own / theirs)), 'x', {
      most: 0.5,
    }),
  ]
}

/** What a second process brings us, against what a second thread brings Kafka Streams. */
const scaling = async (stage: Stage, rates: Rates): Promise<Figure> => {
  const found = await inPairs(async round => [
    (await race(stage, 'count', ours, 2)).perSecond / (await rates.of('count', ours, round)),
    (await race(stage, 'count', streams(false, 2))).perSecond / (await rates.of('count', streams(false), round)),
  ])
  const gain = median(found.map(([own, theirs]) => own / theirs))
  return figure('count: gain of a second process / gain of a second thread', gain, 'x', { least: 1 })
}

/** A disk that was lost, with FRANZ_BENCH_KEYS keys in the changelogs. */
const restore = async (stage: Stage): Promise<Figure[]> => {
  const input = stage.unique('restored')
  await fillRestored(stage, input)
  const own = await restorable(stage, ours, input)
  const peer = await restorable(stage, streams(false), input)
  const found = await inPairs(async () => [await own(), await peer()])
  const keys = `restore of ${restoreKeys.toLocaleString('en')} keys`
  return [
    figure(`${keys}: Franz`, median(found.map(([ownMs]) => ownMs)), 'ms'),
    figure(`${keys}: Kafka Streams`, median(found.map(([, theirMs]) => theirMs)), 'ms'),
    figure(`${keys}: speed, Franz / Kafka Streams`, median(found.map(([ownMs, theirMs]) => theirMs / ownMs)), 'x', {
      least: 1,
    }),
  ]
}

const embedded = async (rates: Rates): Promise<Figure[]> => {
  const { count, map, rateOf } = await import('./embedded.ts')
  const figures: Figure[] = []
  for (const [name, program] of [
    ['map', map],
    ['count', count],
  ] as const) {
    const peers = name === 'map' ? [streams(false)] : [streams(false), streams(true)]
    const found = await inPairs(async round => {
      const theirs: number[] = []
      for (const peer of peers) theirs.push(await rates.of(name, peer, round))
      return [await rateOf(program, sizes.records), Math.max(...theirs)]
    })
    const ratio = median(found.map(([own, theirs]) => own / theirs))
    figures.push(figure(`${name}: embedded / Kafka Streams on Kafka`, ratio, 'x', { least: 2 }))
  }
  return figures
}

const fillAll = async (stage: Stage): Promise<void> => {
  await stage.make(names.input, names.table)
  const startMs = Date.now() - 3 * (sizes.warm + sizes.records)
  await stage.fill(names.table, 0, sizes.keys, startMs - sizes.keys)
  await stage.fill(names.input, 0, sizes.warm + sizes.records, startMs)
}

export const figures = async (): Promise<Figure[]> => {
  compile()
  const stage = await Stage.open()
  try {
    await fillAll(stage)
    const found: Figure[] = []
    const rates = new Rates(stage)
    for (const topology of races) if (wanted.includes(topology)) found.push(...(await compare(stage, topology, rates)))
    if (wanted.includes('latency')) found.push(...(await latency(stage)))
    if (wanted.includes('scaling')) found.push(await scaling(stage, rates))
    if (wanted.includes('restore')) found.push(...(await restore(stage)))
    if (wanted.includes('embedded')) found.push(...(await embedded(rates)))
    return found
  } finally {
    await stage.close()
  }
}
