import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import type { Figure } from './figure.ts'

// The newest figures of each benchmark and the conditions they were measured in: kept in results.json, shown in results.md.

const json = new URL('results.json', import.meta.url)
const markdown = new URL('results.md', import.meta.url)

interface Measured {
  readonly at: string
  readonly commit: string
  readonly machine: string
  /** The machine's load when it began: figures of a machine that does other work are worth less. */
  readonly load: number
  readonly seconds: number
  /** What was asked for otherwise than by default. */
  readonly asked: string
  readonly figures: readonly Figure[]
}

export const rounded = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 4 })

const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`

const commit = (): string => {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim()
  return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', '*.ts') === '' ? '' : ', changed')
}

const kept = (): Record<string, Measured> =>
  existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Record<string, Measured>) : {}

const asked = (): string =>
  Object.entries(process.env)
    .flatMap(([name, value]) => (name.startsWith('FRANZ_BENCH_') ? [`${name}=${value}`] : []))
    .join(' ')

/** Measures a suite, and puts its figures in the place of its last ones. */
export const measured = async (suite: string, figures: () => Promise<Figure[]>): Promise<readonly Figure[]> => {
  const begun = { at: new Date().toISOString().slice(0, 16), load: Number(loadavg()[0]!.toFixed(2)) }
  const startedMs = performance.now()
  const found = await figures()
  // Part of a suite, or one that was looked into while it ran, is no result.
  if (/_(PARTS|PROFILE)=/.test(asked())) return found
  const seconds = Math.round((performance.now() - startedMs) / 1_000)
  const all = {
    ...kept(),
    [suite]: { ...begun, commit: commit(), machine: machine(), seconds, asked: asked(), figures: found },
  }
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => a.localeCompare(b)))
  writeFileSync(json, `${JSON.stringify(sorted, undefined, 2)}\n`)
  writeFileSync(markdown, rendered(sorted))
  return found
}

const rendered = (all: Readonly<Record<string, Measured>>): string => {
  const sections = Object.entries(all).map(([suite, { at, load, seconds, figures, ...where }]) =>
    [
      ...[`## ${suite}`, ''],
      `${at} at commit ${where.commit}, ${where.machine}, load ${load} at the start, ${seconds} s${where.asked && `, ${where.asked}`}.`,
      ...['', '| figure | value | goal | met |', '|---|---|---|---|'],
      ...figures.map(
        ({ name, value, unit, goal, met }) =>
          `| ${name} | ${rounded(value)} ${unit} | ${goal ?? ''} | ${met === undefined ? '' : met ? 'yes' : '**no**'} |`,
      ),
    ].join('\n'),
  )
  return `# Benchmark results\n\nWritten by \`npm run bench [-- NAME...]\`: the newest figures of each.\n\n${sections.join('\n\n')}\n`
}
