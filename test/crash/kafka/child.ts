import { run } from '../../../runners/host/run.ts'
import { KafkaLog } from '../../../runners/kafka/index.ts'
import type { CommitPoint } from '../../../runners/kafka/producer.ts'
import topology, { calls, partitions } from '../pipeline.ts'
import { careless, type KafkaDefect, misled } from './defects.ts'
import { sessionMs } from './team.ts'

// The runner on Kafka that is killed, frozen and moved. It is started ahead, and begins when it is told where.

export interface GoKafka {
  readonly brokers: string
  readonly folder: string
  readonly instance: string
  readonly groupProtocol?: 'consumer' | 'classic' | undefined
  readonly transactionTimeoutMs: number
  readonly defect?: KafkaDefect | undefined
}

/** With a planted defect there is one more: in the middle of what should be one commit. */
export type MinePoint = CommitPoint | 'torn'

/** Where it ends itself by SIGKILL, when it comes there for the `hit`th time from now on. */
export interface Mine {
  readonly point: MinePoint
  readonly hit: number
  /** So long before its end what it has written goes on leaving the process. */
  readonly leavingMs?: number
}

let mine: Mine | undefined
let hits = 0
let stop = async (): Promise<void> => {}

const at = (reached: MinePoint): void => {
  if (reached !== mine?.point || ++hits !== mine.hit) return
  // Only this thread stands still: those of the client go on.
  if (mine.leavingMs !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, mine.leavingMs)
  process.kill(process.pid, 'SIGKILL')
}

const go = async (told: GoKafka): Promise<void> => {
  const { brokers, folder, instance, groupProtocol, transactionTimeoutMs, defect } = told
  const note = (level: string, message: string): void => console.log(`${new Date().toISOString()} ${level}: ${message}`)
  careless(defect)
  const log = await KafkaLog.open({
    ...{ brokers, folder, transactionTimeoutMs, note },
    // The oracle replays all that ever stood between the parts.
    purgeIntervalMs: Number.POSITIVE_INFINITY,
    // The classic protocol leaves it to the members how soon a dead one is noticed.
    ...(groupProtocol === 'classic' && {
      groupProtocol,
      client: { 'session.timeout.ms': sessionMs, 'heartbeat.interval.ms': 300 },
    }),
    ...(groupProtocol === 'consumer' && { groupProtocol }),
    at,
  })
  const observer = { committed: () => void process.send!('committed'), note }
  const running = await run(topology, {
    ...{ log: misled(log, defect, () => at('torn')), calls, partitions, instance, observer },
    commitIntervalMs: 50,
  })
  running.ended.catch(error => {
    console.error(error)
    process.exit(1)
  })
  stop = async () => {
    await running.stop()
    await log.close()
  }
}

process.on('message', (message: GoKafka | Mine | 'stop') => {
  if (typeof message === 'object' && 'point' in message) {
    hits = 0
    mine = message
    return
  }
  const work = message === 'stop' ? stop().then(() => process.exit(0)) : go(message)
  work.catch(error => {
    console.error(error)
    process.exit(1)
  })
})
process.on('disconnect', () => process.exit())
process.send!('ready')
