import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remove } from '../victim.ts'
import type { Verdict } from './examine.ts'
import { type Event, readTrace } from './trace.ts'

/** The disk keeps or loses each of these by itself. */
const sectorBytes = 512
const commitsDefault = 40
/** A folder that takes longer to open never opens. */
const openMsMax = 5_000

export interface LossOptions {
  readonly build: string
  /** Random subsets of what was not flushed, beside every prefix with all and with nothing of it. */
  readonly subsets: number
  readonly seed: number
  /** A planted defect: nothing is ever flushed. */
  readonly neverFlushes?: boolean
}

export interface LossReport {
  calls: number
  syncs: number
  images: number
  readonly breaches: string[]
}

const calls =
  'openat,close,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,sync_file_range,msync,ftruncate,fallocate,lseek'

/** Undefined where nobody may look at another process's system calls. */
export const recorded = (build: string): readonly Event[] | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-power-'))
  const notes = join(folder, 'trace')
  const program = [
    process.execPath,
    join(build, 'test/crash/power/program.js'),
    join(folder, 'data'),
    String(commitsDefault),
  ]
  const { status } = spawnSync(
    'strace',
    ['-f', '-xx', '-s', '16777216', '-e', `trace=${calls}`, '-o', notes, ...program],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (status !== 0) return undefined
  const events = readTrace(readFileSync(notes, 'latin1'), 'data.mdb')
  remove(folder)
  return events
}

/** Every prefix of the calls, with all, with nothing and with some of what had not been flushed, is opened and examined. */
export const losePower = async (events: readonly Event[], options: LossOptions): Promise<LossReport> =>
  new Losses(events, options).run()

class Losses {
  readonly #events: readonly Event[]
  readonly #options: LossOptions
  readonly #report: LossReport
  readonly #folder = mkdtempSync(join(tmpdir(), 'franz-power-'))
  #examiner: ChildProcess | undefined
  #seed: number

  constructor(events: readonly Event[], options: LossOptions) {
    this.#events = events
    this.#options = options
    this.#seed = options.seed
    const syncs = events.filter(event => event.kind === 'sync' || (event.kind === 'write' && event.durable)).length
    this.#report = { calls: events.length, syncs, images: 0, breaches: [] }
  }

  async run(): Promise<LossReport> {
    try {
      // A folder whose making was cut short was promised to nobody.
      const made = this.#events.findIndex(({ kind }) => kind === 'made') + 1
      if (made === 0) throw new Error('the trace does not tell when the folder was made')
      for (let prefix = made; prefix <= this.#events.length; prefix++) {
        await this.#examine(prefix, () => true)
        await this.#examine(prefix, () => false)
      }
      for (let subset = 0; subset < this.#options.subsets; subset++)
        await this.#examine(made + this.#roll(this.#events.length - made), () => this.#roll(2) === 0)
    } finally {
      this.#examiner?.disconnect()
      remove(this.#folder)
    }
    return this.#report
  }

  #roll(sides: number): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0
    return Math.floor((this.#seed / 2 ** 32) * sides)
  }

  async #examine(prefix: number, keeps: () => boolean): Promise<void> {
    const events = this.#events.slice(0, prefix)
    const path = join(this.#folder, String(this.#report.images++))
    mkdirSync(join(path, 'log'), { recursive: true })
    writeFileSync(join(path, 'log/data.mdb'), this.#image(events, keeps))
    const acknowledged = events.reduce((last, event) => (event.kind === 'acknowledged' ? event.number : last), 0)
    writeFileSync(join(path, 'log/made'), '')
    const { commits, wrong } = await this.#verdict(path)
    const where = `after call ${prefix} of ${this.#events.length}`
    if (wrong !== undefined) this.#report.breaches.push(`${where}: ${wrong}`)
    else if (commits < acknowledged || commits > acknowledged + 1)
      this.#report.breaches.push(`${where}: ${commits} commits are there, ${acknowledged} were acknowledged`)
    remove(path)
  }

  /** What the disk holds: all that was flushed, and of the rest what it happened to keep. */
  #image(events: readonly Event[], keeps: () => boolean): Buffer {
    const flushes = !this.#options.neverFlushes
    const lastSync = flushes ? events.findLastIndex(({ kind }) => kind === 'sync') : -1
    const ends = events.map(event => (event.kind === 'write' ? event.at + event.bytes.length : 0))
    const image = Buffer.alloc(Math.max(0, ...ends))
    let size = 0
    events.forEach((event, number) => {
      if (event.kind === 'truncate') size = event.size
      if (event.kind !== 'write') return
      const { at, bytes, durable } = event
      const isFlushed = number < lastSync || (durable && flushes)
      for (let from = 0; from < bytes.length; ) {
        const until = Math.min(bytes.length, from + sectorBytes - ((at + from) % sectorBytes))
        if (isFlushed || keeps()) {
          size = Math.max(size, at + until)
          bytes.copy(image, at + from, from, until)
        }
        from = until
      }
    })
    return image.subarray(0, size)
  }

  #verdict(path: string): Promise<Verdict> {
    this.#examiner ??= spawn(process.execPath, [join(this.#options.build, 'test/crash/power/examine.js')], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Whose power was lost has booted anew, and LMDB goes by the number of the boot. Here it is told so.
      env: { ...process.env, LMDB_RESTORE: 'safe' },
    })
    const examiner = this.#examiner
    return new Promise(done => {
      const ended = (code: number | null, signal: string | null) => {
        this.#examiner = undefined
        done({ commits: 0, wrong: `opening it ended the process by ${signal ?? code}` })
      }
      const hangs = setTimeout(() => examiner.kill('SIGKILL'), openMsMax)
      examiner.once('close', ended)
      examiner.once('message', verdict => {
        clearTimeout(hangs)
        examiner.off('close', ended)
        done(verdict as Verdict)
      })
      examiner.send(path)
    })
  }
}
