// Franz in the race: one process of its own, told as `name=value`, and ended when its input ends.
import { run } from '../../../runners/host/index.ts'
import { KafkaLog } from '../../../runners/kafka/index.ts'
import { type TopologyName, topologyOf } from './topologies.ts'

const given = Object.fromEntries(
  process.argv.slice(2).map(arg => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]),
)
const topics = { group: given.group!, input: given.input!, output: given.output!, table: given.table! }
const log = await KafkaLog.open({
  ...{ brokers: given.brokers!, folder: given.folder! },
  note(_level, message, { applied, tookMs } = {}) {
    const endMs = Date.now()
    if (message.startsWith('restored')) console.log(`restored ${applied} ${endMs - Number(tookMs)} ${endMs}`)
  },
})
const running = await run(topologyOf(given.topology as TopologyName, topics), {
  log,
  instance: given.instance ?? 'one',
})
console.log('running')
process.stdin.resume().once('end', () => void running.stop())
await running.ended
await log.close()
