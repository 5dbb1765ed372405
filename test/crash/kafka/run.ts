import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { writeResults } from '../ledger.ts'
import { faultFor, type KafkaDefect, kafkaDefects } from './defects.ts'
import { type FaultName, faults } from './faults.ts'
import { addDefect, addRun } from './ledger.ts'
import { torment } from './torment.ts'

// `npm run crash -- kafka --rounds N`: torments runners on a real Kafka N times, and adds what it found to results.md.

/** Rounds on one broker: then all is healed and judged, written down, and another one begins. */
const roundsAtOnce = 30
/** With a planted defect: then all is judged. */
const defectRounds = 2
/** In a hundred rounds: what reliability asks for, without what takes a minute each. */
const mix: Readonly<Partial<Record<FaultName, number>>> = {
  ...{ kill: 25, 'kill in a commit': 25, 'kill of all': 5, 'kill without a restart': 5, stop: 8 },
  ...{ zombie: 8, 'two zombies': 2, 'broker restart': 7, 'delayed commit': 10, storm: 3 },
}

/** So many faults of the mix, in an order of the seed. */
const chosen = (rounds: number, seed: number, wanted: readonly FaultName[] | undefined): FaultName[] => {
  const bag =
    wanted ?? (Object.entries(mix) as [FaultName, number][]).flatMap(([name, times]) => Array(times).fill(name))
  let state = seed >>> 0
  return Array.from({ length: rounds }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return bag[Math.floor((state / 2 ** 32) * bag.length)] as FaultName
  })
}

/** Plants one defect after the other; 1 where one is not caught within these rounds. */
const plantedOnKafka = async (seed: number, slack: number): Promise<number> => {
  let missed = 0
  for (const [defect, invariants] of Object.entries(kafkaDefects) as [KafkaDefect, readonly string[]][]) {
    const faults = Array.from({ length: defectRounds }, () => faultFor(defect))
    const { breaches } = await torment({ faults, seed, slack, defect })
    const by = [...new Set(breaches.map(({ invariant }) => invariant))].filter(found => invariants.includes(found))
    const how = by.length > 0 ? `yes, by ${by.sort().join(', ')} after ${defectRounds} rounds` : 'NO'
    if (by.length === 0) missed++
    addDefect(defect, how)
    writeResults()
    console.log(`${defect}: ${how}`)
  }
  return missed > 0 ? 1 : 0
}

/** The exit code: 1 where an invariant was breached. */
export const runOnKafka = async (args: readonly string[]): Promise<number> => {
  const options = {
    rounds: { type: 'string' },
    seed: { type: 'string' },
    faults: { type: 'string' },
    protocol: { type: 'string' },
    slack: { type: 'string' },
    only: { type: 'string' },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const rounds = Number(values.rounds ?? roundsAtOnce)
  const slack = Number(values.slack ?? 1)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const wanted = values.faults?.split(',') as FaultName[] | undefined
  const unknown = wanted?.find(name => !(name in faults))
  if (unknown !== undefined || !Number.isSafeInteger(rounds) || rounds < 1) {
    console.error(
      `${unknown === undefined ? '--rounds wants a number' : `there is no fault "${unknown}"`}. Faults are ${Object.keys(faults).join(', ')}.`,
    )
    return 2
  }
  if (values.only === 'defects') return await plantedOnKafka(seed, slack)
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim() || 'unknown'
  const groupProtocol = values.protocol === 'classic' ? ('classic' as const) : ('consumer' as const)
  let wrong = 0
  for (let done = 0; done < rounds; done += roundsAtOnce) {
    const startedMs = performance.now()
    const list = chosen(Math.min(roundsAtOnce, rounds - done), seed + done, wanted)
    const progress = (name: FaultName, tookMs: number): void =>
      console.log(`${name}: all went on after ${Math.round(tookMs)} ms`)
    const report = await torment({ faults: list, seed: seed + done, groupProtocol, slack, progress })
    const about = { date: new Date().toISOString().slice(0, 16), commit, seed: seed + done, protocol: groupProtocol }
    addRun({ ...report, ...about, slack, tookMs: performance.now() - startedMs })
    writeResults()
    wrong += report.breaches.length
    console.log(`${list.length} faults, ${report.breaches.length} breaches`)
    for (const { invariant, at, what } of report.breaches) console.log(`${invariant}, ${at}: ${what}`)
  }
  return wrong > 0 ? 1 : 0
}
