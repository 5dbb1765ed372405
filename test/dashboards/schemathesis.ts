import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { schemathesis } from '../parts/parts.ts'

/** What it found, and in which words. */
export interface Judged {
  readonly isFine: boolean
  readonly cases: number
  readonly report: string
}

export interface Judging {
  readonly url: string
  /** Requests are made up until this time is over. */
  readonly seconds: number
  readonly seed?: number | undefined
  /** What it says, as it says it. */
  readonly onWords?: ((words: string) => void) | undefined
}

/** Has schemathesis make up requests out of the API's own description, and judge each answer by it. */
export const judged = async ({ url, seconds, seed, onWords }: Judging): Promise<Judged> => {
  const program = join(schemathesis.folder, 'bin', 'schemathesis')
  const config = fileURLToPath(new URL('schemathesis.toml', import.meta.url))
  const limits = ['--max-time', String(seconds), '--wait-for-schema', '60', '--no-color']
  const args = ['--config-file', config, 'run', `${url}/docs/json`, ...limits]
  const child = spawn(program, seed === undefined ? args : [...args, '--seed', String(seed)], {
    // What it keeps for its next run lies beside it.
    ...{ cwd: schemathesis.folder, stdio: ['ignore', 'pipe', 'pipe'] },
  })
  let report = ''
  const hear = (data: Buffer) => {
    report += data
    onWords?.(String(data))
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const code = await new Promise<number | null>((done, fail) => child.on('close', done).on('error', fail))
  return {
    isFine: code === 0,
    cases: Number(/(\d[\d,]*) generated/.exec(report)?.[1]?.replaceAll(',', '') ?? 0),
    report,
  }
}
