import { EmbeddedLog, type Point } from '../../runners/embedded/log.ts'
import { type Running, run } from '../../runners/host/run.ts'
import { type ClockFault, misled } from './clocks.ts'
import { type Defect, defective } from './defects.ts'
import topology, { calls, partitions } from './pipeline.ts'

// The runner that is killed. It is started ahead of its round, and begins when it is told its folder.

export interface Go {
  readonly folder: string
  /** Where it ends itself by SIGKILL, when it comes there for the `hit`th time. */
  readonly point?: Point | undefined
  readonly hit?: number | undefined
  readonly defect?: Defect | undefined
  /** What its wall clock does, from a little after its start on. */
  readonly clock?: ClockFault | undefined
  /** Topics let go what is over, all the time. */
  readonly cleans?: boolean | undefined
}

const cleanEveryMs = 25
const dirtyBytesMin = 2_000

let running: Running | undefined
let log: EmbeddedLog | undefined
let cleaner: NodeJS.Timeout | undefined

const go = async ({ folder, point, hit = 1, defect, clock, cleans }: Go): Promise<void> => {
  if (clock !== undefined) misled(clock)
  let hits = 0
  log = EmbeddedLog.open(folder, {
    // Else the oracle reads what the parts of the pipeline have handed to each other, from its beginning.
    cleaning: 'never',
    at(reached) {
      if (reached === point && ++hits === hit) process.kill(process.pid, 'SIGKILL')
    },
  })
  let commits = 0
  const observer = {
    committed: () => {
      if (commits++ === 0) process.send!('committed')
    },
  }
  running = await run(topology, { log: defective(log, defect), calls, partitions, commitIntervalMs: 20, observer })
  const failed = (error: unknown) => {
    console.error(error)
    process.exit(1)
  }
  running.ended.catch(failed)
  if (cleans) cleaner = setInterval(() => void log?.clean({ dirtyBytesMin }).catch(failed), cleanEveryMs)
}

const stop = async (): Promise<void> => {
  clearInterval(cleaner)
  await running?.stop()
  await log?.close()
  process.disconnect()
}

process.on('message', (message: Go | 'stop') => void (message === 'stop' ? stop() : go(message)))
process.on('SIGTERM', () => void stop())
process.on('disconnect', () => process.exit())
process.send!('ready')
