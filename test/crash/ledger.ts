import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { kafkaLines } from './kafka/ledger.ts'
import type { CrashReport } from './rounds.ts'

// What has been examined so far. Every run adds to results.json, and results.md is written from all of it.

/** One run: who can repeat it needs its commit and its seed. */
export interface Run extends CrashReport {
  readonly date: string
  readonly commit: string
  readonly seed: number
  readonly machine: string
}

export interface Ledger {
  readonly runs: readonly Run[]
  /** By defect: how it was caught the last time, and where. */
  readonly defects: Readonly<Record<string, string>>
  readonly power: readonly string[]
}

const json = new URL('results.json', import.meta.url)
const markdown = new URL('results.md', import.meta.url)

export const readLedger = (): Ledger =>
  existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Ledger) : { runs: [], defects: {}, power: [] }

const sum = (runs: readonly Run[], of: (run: Run) => number): number => runs.reduce((all, run) => all + of(run), 0)

const total = (runs: readonly Run[]): string[] => {
  const rounds = sum(runs, run => run.rounds)
  const breaches = runs.flatMap(run => run.breaches)
  const bound = breaches.length > 0 ? '' : ` (with 95 % confidence fewer than one in ${Math.floor(rounds / 3)} kills)`
  return [
    `- ${rounds} rounds counted, ${sum(runs, run => run.voids)} were void (nothing was left to do, or the kill missed) and were repeated`,
    `- ${sum(runs, run => run.records)} records taken and ${sum(runs, run => run.acknowledged)} appends acknowledged, ${sum(runs, run => run.late)} records too late for their window`,
    `- ${sum(runs, run => run.folders)} folders were healed, read to their end and compared with a run without crashes`,
    `- in every second folder topics let go what is over, by size, by key and once it was read: ${sum(runs, run => run.gone ?? 0)} records in all`,
    `- first commit after a restart: within ${Math.ceil(Math.max(...runs.map(run => run.restartMs)))} ms`,
    `- breaches of the invariants: ${breaches.length}${bound}`,
    ...breaches.slice(0, 20).map(({ invariant, what, at }) => `  - ${invariant}, ${at}: ${what}`),
  ]
}

const kills = (runs: readonly Run[]): string[] => {
  const names = [...new Set(runs.flatMap(run => Object.keys(run.kills)))].sort()
  return names.map(name => `| ${name} | ${sum(runs, run => run.kills[name] ?? 0)} |`)
}

export const writeLedger = (ledger: Ledger): void => {
  writeFileSync(json, `${JSON.stringify(ledger, undefined, 1)}\n`)
  writeResults()
}

/** All that is known, of the embedded engine and of Kafka. */
export const writeResults = (): void => {
  const { runs, defects, power } = readLedger()
  const onKafka = kafkaLines()
  const lines = [
    '# Crashes of the embedded engine',
    '',
    'Written by `npm run crash -- embedded [--rounds N] [--seed N] [--only kills|defects|power]`; each run adds to it.',
    'Runners and producers are real processes, ended by SIGKILL; after each kill an oracle without a line of the library replays the input.',
    '',
    ...(runs.length > 0 ? [...total(runs), '', '| killed | rounds |', '|---|---|', ...kills(runs), ''] : []),
    '| planted defect | caught |',
    '|---|---|',
    ...Object.entries(defects).map(([defect, how]) => `| ${defect} | ${how} |`),
    '',
    ...power,
    '',
    '| run | commit | seed | rounds | breaches | seconds | machine |',
    '|---|---|---|---|---|---|---|',
    ...runs.map(
      ({ date, commit, seed, rounds, breaches, tookMs, machine }) =>
        `| ${date} | ${commit} | ${seed} | ${rounds} | ${breaches.length} | ${Math.round(tookMs / 1_000)} | ${machine} |`,
    ),
    ...(onKafka.length > 0 ? ['', ...onKafka] : []),
  ]
  writeFileSync(markdown, `${lines.join('\n')}\n`)
}
