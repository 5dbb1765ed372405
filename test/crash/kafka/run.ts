import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type FaultName, faults } from './faults.ts'
import { type Torment, torment } from './torment.ts'

// `npm run crash -- kafka --rounds N`: torments runners on a real Kafka N times, and adds what it found to results.md here.

/** Rounds on one broker: then all is healed and judged, written down, and another one begins. */
const roundsAtOnce = 20
/** In a hundred rounds: what reliability asks for, without what takes a minute each. */
const mix: Readonly<Partial<Record<FaultName, number>>> = {
  ...{ kill: 25, 'kill in a commit': 25, 'kill of all': 5, 'kill without a restart': 5, stop: 8 },
  ...{ zombie: 12, 'broker restart': 7, 'delayed commit': 10, storm: 3 },
}

interface Run extends Torment {
  readonly date: string
  readonly commit: string
  readonly seed: number
  readonly protocol: string
  readonly tookMs: number
}

const json = new URL('results.json', import.meta.url)
const markdown = new URL('results.md', import.meta.url)
const known = (): readonly Run[] => (existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Run[]) : [])

const sum = (runs: readonly Run[], of: (run: Run) => number): number => runs.reduce((all, run) => all + of(run), 0)

const write = (runs: readonly Run[]): void => {
  writeFileSync(json, `${JSON.stringify(runs, undefined, 1)}\n`)
  const breaches = runs.flatMap(run => run.breaches)
  const names = (Object.keys(faults) as FaultName[]).filter(name => runs.some(run => run.counts[name]))
  const longest = (name: FaultName): number => Math.max(...runs.map(run => run.goesOnMs[name] ?? 0))
  const lines = [
    '# Faults on Kafka',
    '',
    `Written by \`npm run crash -- kafka\`, each run adds to it; the last one on ${cpus().length} cores, Node ${process.versions.node}.`,
    'Three runners on a real broker are tormented while records keep coming; then all is healed, and an oracle without a line of the library replays the input.',
    '',
    `- ${sum(runs, run => run.acknowledged)} records acknowledged, ${sum(runs, run => run.taken)} taken by the tasks, ${sum(runs, run => run.late)} too late for their window; ${sum(runs, run => run.voids)} faults missed and were repeated`,
    `- breaches of the invariants: ${breaches.length}`,
    ...breaches.map(({ invariant, what, at }) => `  - ${invariant}, ${at}: ${what.split('\n')[0]!.slice(0, 160)}`),
    '',
    '| fault | times | every partition went on within |',
    '|---|---|---|',
    ...names.map(name => `| ${name} | ${sum(runs, run => run.counts[name] ?? 0)} | ${Math.ceil(longest(name))} ms |`),
    '',
    '| run | commit | seed | protocol | breaches | seconds |',
    '|---|---|---|---|---|---|',
    ...runs.map(
      ({ date, commit, seed, protocol, breaches, tookMs }) =>
        `| ${date} | ${commit} | ${seed} | ${protocol} | ${breaches.length} | ${Math.round(tookMs / 1_000)} |`,
    ),
  ]
  writeFileSync(markdown, `${lines.join('\n')}\n`)
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

/** The exit code: 1 where an invariant was breached. */
export const runOnKafka = async (args: readonly string[]): Promise<number> => {
  const options = {
    rounds: { type: 'string' },
    seed: { type: 'string' },
    faults: { type: 'string' },
    protocol: { type: 'string' },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const rounds = Number(values.rounds ?? roundsAtOnce)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const wanted = values.faults?.split(',') as FaultName[] | undefined
  const unknown = wanted?.find(name => !(name in faults))
  if (unknown !== undefined || !Number.isSafeInteger(rounds) || rounds < 1) {
    console.error(
      `${unknown === undefined ? '--rounds wants a number' : `there is no fault "${unknown}"`}. Faults are ${Object.keys(faults).join(', ')}.`,
    )
    return 2
  }
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim() || 'unknown'
  const groupProtocol = values.protocol === 'classic' ? ('classic' as const) : ('consumer' as const)
  let wrong = 0
  for (let done = 0; done < rounds; done += roundsAtOnce) {
    const startedMs = performance.now()
    const list = chosen(Math.min(roundsAtOnce, rounds - done), seed + done, wanted)
    const progress = (name: FaultName, tookMs: number): void =>
      console.log(`${name}: all went on after ${Math.round(tookMs)} ms`)
    const report = await torment({ faults: list, seed: seed + done, groupProtocol, progress })
    const about = { date: new Date().toISOString().slice(0, 16), commit, seed: seed + done, protocol: groupProtocol }
    write([...known(), { ...report, ...about, tookMs: performance.now() - startedMs }])
    wrong += report.breaches.length
    console.log(`${list.length} faults, ${report.breaches.length} breaches`)
    for (const { invariant, at, what } of report.breaches) console.log(`${invariant}, ${at}: ${what}`)
  }
  return wrong > 0 ? 1 : 0
}
