import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { KafkaLog } from '../../../runners/kafka/index.ts'
import { startKafka } from '../../parts/kafka.ts'
import { append, emptyFolder, keep, started, transfers } from './kept.ts'
import { Onlooker } from './onlooker.ts'

// `npx tsx test/crash/kafka/keep.ts VERSION`: keeps what this version leaves behind, once for each release.

const [version] = process.argv.slice(2)
if (version === undefined) {
  console.error('Usage: npx tsx test/crash/kafka/keep.ts VERSION')
  process.exit(2)
}
const count = 300
const kafka = await startKafka()
const folder = emptyFolder()
const log = await KafkaLog.open({ brokers: kafka.bootstrap, folder, purgeIntervalMs: Number.POSITIVE_INFINITY })
const running = await started(log)
const onlooker = await Onlooker.open(kafka.bootstrap)
await append(log, transfers(0, count))
while (!(await onlooker.isDone(count))) await pause(50)
await running.stop()
await keep(log, folder, fileURLToPath(new URL(`kept/${version}`, import.meta.url)))
await onlooker.close()
await log.close()
await kafka.stop()
console.log(`kept what version ${version} makes of ${count} transfers`)
