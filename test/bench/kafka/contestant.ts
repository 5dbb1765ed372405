import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { compiledJava } from '../../parts/java.ts'
import { names, type ReadBack, type Stage, sizes } from './stage.ts'
import type { TopologyName } from './topologies.ts'

// Who runs in the race, each in a process of its own.

export interface Contestant {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** Compiled before the first race. */
const peer = (): string => compiledJava(join(import.meta.dirname, 'java', 'Peer.java'))

export const streams = (caching: boolean, threads = 1): Contestant => ({
  name: `Kafka Streams, ${threads === 1 ? 'one thread' : `${threads} threads`}${caching ? ', cached' : ''}`,
  program: 'java',
  args: [
    '-Xmx512m',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-cp',
    peer(),
    'Peer',
    `caching=${caching}`,
    `threads=${threads}`,
  ],
})

const root = join(import.meta.dirname, '../../..')

/** As the command starts Node where a package of it is installed: the flags of its first line. */
const flags = (): readonly string[] => {
  const [first = ''] = readFileSync(join(root, 'bin/franz.mjs'), 'utf8').split('\n')
  return first.split(' ').filter(word => word.startsWith('--'))
}

/** Compiled, for so is the package: what clones run from their sources keeps the names of functions, at a price. */
const script = (name: string, file: string): Contestant => ({
  name,
  program: process.execPath,
  args: [
    ...flags(),
    ...(process.env.FRANZ_BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.FRANZ_BENCH_PROFILE}`] : []),
    join(root, 'dist/test/bench/kafka', file),
  ],
  environment: { UV_THREADPOOL_SIZE: '16' },
})
export const ours = script('Franz', 'ours.js')
export const bare = script('bare loop', 'bare.js')

/** Brings what runs in the race up to date with its sources. */
export const compile = (): void => {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'test'], { cwd: root })
}

export interface Running {
  readonly pid: number
  /** Resolves once it has printed so many lines that begin so. */
  said(word: string, times?: number): Promise<void>
  /** What it has printed that begins so. */
  lines(word: string): readonly string[]
  stop(): Promise<void>
  kill(): Promise<void>
}

const ended = (child: ChildProcess): Promise<void> => new Promise(resolve => child.once('exit', () => resolve()))

export const start = (
  { name, program, args, environment }: Contestant,
  settings: Readonly<Record<string, string>>,
): Running => {
  const told = Object.entries(settings).map(([setting, value]) => `${setting}=${value}`)
  const child = spawn(program, [...args, ...told], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  let text = ''
  const waiting = new Set<() => void>()
  child.stdout.on('data', chunk => {
    text += chunk
    for (const look of waiting) look()
  })
  const exit = ended(child)
  const lines = (word: string): readonly string[] => text.split('\n').filter(line => line.startsWith(word))
  const said = (word: string, times = 1): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (lines(word).length < times) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      void exit.then(() => reject(new Error(`${name} ended by itself: ${text}`)))
    })
  return {
    pid: child.pid!,
    said,
    lines,
    async stop() {
      child.stdin.end()
      const guard = setTimeout(() => child.kill('SIGKILL'), 30_000)
      await exit
      clearTimeout(guard)
    },
    async kill() {
      child.kill('SIGKILL')
      await exit
    },
  }
}

export interface Measured {
  readonly perSecond: number
  /** The most anonymous memory that it held, in MiB. */
  readonly memory: number
  /** Microseconds of processor time for each record. */
  readonly cpu: number
  /** What of it was the first thread's, which works, and what the threads of the native client took; the rest is the collector's. */
  readonly mainCpu: number
  readonly clientCpu: number
  readonly output: ReadBack
}

const anonymousMiB = (pid: number): number =>
  Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
const ticksPerSecond = 100

/** Of threads that have ended, nothing is counted: ours live as long as their process. */
interface Spent {
  readonly all: number
  readonly main: number
  readonly client: number
}

const spentMs = (stat: string): number => {
  const fields = stat.replace(/^.*\) /, '').split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond
}

const spentBy = (pids: readonly number[]): Spent => {
  const spent = { all: 0, main: 0, client: 0 }
  for (const pid of pids) {
    spent.all += spentMs(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
      if (thread === String(pid)) spent.main += spentMs(stat)
      else if (stat.includes('(rdk:')) spent.client += spentMs(stat)
    }
  }
  return spent
}

/** One contestant from the start of its process to its last commit; the clock runs from when it is warm. */
export const race = async (
  stage: Stage,
  topology: TopologyName,
  contestant: Contestant,
  processes = 1,
): Promise<Measured> => {
  const group = stage.unique(`${topology}`)
  const output = `${group}-out`
  await stage.make(output, `${group}-changelog`)
  const folder = join(stage.folder, group)
  const settings = { group, output, topology, brokers: stage.kafka.bootstrap, input: names.input, table: names.table }
  const running = Array.from({ length: processes }, (_, number) =>
    start(contestant, { ...settings, instance: `instance-${number}`, folder: join(folder, `${number}`) }),
  )
  let memory = 0
  const spent = (): Spent => spentBy(running.map(({ pid }) => pid))
  const taken = { warm: Math.max(1, sizes.warm), all: sizes.warm + sizes.records }
  const look = (): void => {
    memory = Math.max(
      memory,
      running.reduce((sum, { pid }) => sum + anonymousMiB(pid), 0),
    )
  }
  try {
    const [warmMs] = (await stage.watch(group, names.input, [taken.warm])) as [number]
    const before = spent()
    const [doneMs] = (await stage.watch(group, names.input, [taken.all], look)) as [number]
    const after = spent()
    const micros = (of: keyof Spent): number => ((after[of] - before[of]) * 1_000) / sizes.records
    await Promise.all(running.map(each => each.stop()))
    const result = await stage.readBack(output)
    const perSecond = (sizes.records * 1_000) / (doneMs - warmMs)
    return {
      ...{ perSecond, memory, output: result },
      ...{ cpu: micros('all'), mainCpu: micros('main'), clientCpu: micros('client') },
    }
  } finally {
    await Promise.all(running.map(each => each.kill()))
    await stage.drop(group)
    rmSync(folder, { recursive: true, force: true })
  }
}
