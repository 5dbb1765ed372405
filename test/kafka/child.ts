// Runs the word count of a name on Kafka until it is told to stop: a process of its own, so that a test can kill it.
import { run } from '../../runners/host/index.ts'
import { KafkaLog, type KafkaOptions } from '../../runners/kafka/index.ts'
import { counting } from './pipeline.ts'

interface Orders extends KafkaOptions {
  readonly name: string
  readonly instance: string
}

const { name, instance, ...options } = JSON.parse(process.argv[2]!) as Orders
const partitions = new Set<string>()
const say = (what: string, more: object): void => console.log(JSON.stringify({ what, ...more }))
const note = (level: string, message: string): void => say('note', { level, message })
const log = await KafkaLog.open({ ...options, note })
try {
  const running = await run(counting(name).pipeline, {
    log,
    instance,
    observer: {
      note,
      taken: (task, { partition }) => void partitions.add(`${task}@${partition}`),
      committed: figures => say('committed', { ...figures, tasks: [...partitions] }),
    },
  })
  say('running', {})
  process.once('SIGTERM', () => void running.stop())
  await running.ended
  say('stopped', {})
} catch (error) {
  say('failed', { message: (error as Error).message })
  process.exitCode = 1
} finally {
  await log.close()
}
