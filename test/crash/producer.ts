import { EmbeddedLog, type Point } from '../../runners/embedded/log.ts'
import type { LogRecord } from '../../topology/ports/log.ts'
import { partitionOf } from '../../topology/task/partitioner.ts'
import type { Transfer } from './pipeline.ts'

// The process that produces while the runner is killed, and is killed too. It tells what has been acknowledged to it.

export interface Produce {
  readonly folder: string
  /** Which of the producers of this folder it is: its records are later than those of all before. */
  readonly life: number
  readonly point?: Point | undefined
  readonly hit?: number | undefined
  /** Tells before it is so: a planted defect. */
  readonly tellsEarly?: boolean | undefined
}

const accounts = 40
const everyMs = 12
const recordsMaxAtOnce = 8
/** No producer lives longer, in the time of its records. */
const lifeMs = 600_000

let timer: NodeJS.Timeout | undefined
let log: EmbeddedLog | undefined

/** Numbers from 0 to below 1, the same for the same seed. */
const dice = (seed: number) => {
  let state = seed >>> 0 || 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const produce = ({ folder, life, point, hit = 1, tellsEarly = false }: Produce): void => {
  let hits = 0
  log = EmbeddedLog.open(folder, {
    at(reached) {
      if (reached === point && ++hits === hit) process.kill(process.pid, 'SIGKILL')
    },
  })
  const partitions = log.topics.get('transfers')!.partitions
  const roll = dice(life + 1)
  let number = 0
  let nowMs = 1_700_000_000_000 + life * lifeMs
  const next = (): LogRecord & { id: string } => {
    const from = `account-${Math.floor(roll() * accounts)}`
    const to = `account-${Math.floor(roll() * accounts)}`
    const id = `${life}-${number++}`
    nowMs += Math.floor(roll() * 8)
    // Most come in order, some late, a few too late for their window.
    const timestamp = nowMs - (roll() < 0.1 ? Math.floor(roll() * 3_000) : 0)
    const transfer: Transfer = { id, from, to, amount: 1 + Math.floor(roll() * 100) }
    return { id, key: Buffer.from(from), value: Buffer.from(JSON.stringify(transfer)), timestamp, headers: [] }
  }
  timer = setInterval(() => {
    const records = Array.from({ length: 1 + Math.floor(roll() * recordsMaxAtOnce) }, next)
    const byPartition = new Map<number, LogRecord[]>()
    for (const record of records) {
      const partition = partitionOf(record.key!, partitions)
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), record])
    }
    const tell = () => process.send!(records.map(({ id }) => id))
    if (tellsEarly) tell()
    log!.append([...byPartition].map(([partition, of]) => ({ to: { topic: 'transfers', partition }, records: of })))
    if (!tellsEarly) tell()
  }, everyMs)
}

process.on('message', (message: Produce | 'stop') => {
  if (message !== 'stop') {
    produce(message)
    return
  }
  clearInterval(timer)
  void log?.close().then(() => process.disconnect())
})
process.on('disconnect', () => process.exit())
process.send!('ready')
