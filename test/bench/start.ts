import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Program, runs } from '../newcomer/process.ts'
import { type Figure, figure } from './figure.ts'

// A newcomer's minute: how long it takes from `npm start` in a fresh clone until the page of the desk answers.

const root = fileURLToPath(new URL('../..', import.meta.url))
const coldSecondsMax = 60
const warmSecondsMax = 10
const lookEveryMs = 20

/** Seconds from the command to the page, which is then stopped as by Ctrl-C; undefined as its cache: npm's own one. */
const secondsToPage = async (folder: string, cache?: string): Promise<number> => {
  const started = performance.now()
  const env = cache === undefined ? {} : { npm_config_cache: cache }
  const desk = new Program('npm', ['start', '--', '--port', '0', '--rate', '0'], { cwd: folder, env })
  const [, url] = await desk.says(/dashboard +(http:\S+)/)
  while (!(await answers(url!))) await new Promise(done => setTimeout(done, lookEveryMs))
  const seconds = (performance.now() - started) / 1_000
  desk.signal('SIGINT')
  await desk.ended
  return seconds
}

const answers = async (url: string): Promise<boolean> => {
  const [page, tickets] = await Promise.all([fetch(url), fetch(`${url}/api/tickets`)])
  return page.ok && tickets.ok && (await page.text()).includes('<title>')
}

export const figures = async (): Promise<Figure[]> => {
  const all = mkdtempSync(join(tmpdir(), 'franz-start-'))
  const folder = join(all, 'franz')
  try {
    await runs('git', ['clone', '--quiet', root, folder], { cwd: tmpdir() })
    const cold = await secondsToPage(folder, join(all, 'cache'))
    const again = await secondsToPage(folder)
    rmSync(join(folder, 'data'), { recursive: true })
    const warm = await secondsToPage(folder)
    return [
      figure('npm start, nothing installed, no package cached: page', cold, 's', { most: coldSecondsMax }),
      figure('npm start, installed, a new data folder: page', warm, 's', { most: warmSecondsMax }),
      figure('npm start, installed, the same data folder: page', again, 's', { most: warmSecondsMax }),
    ]
  } finally {
    rmSync(all, { recursive: true, force: true })
  }
}
