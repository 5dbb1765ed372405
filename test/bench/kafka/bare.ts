// The same work as map and count by hand, on nothing but the native client: what the library is measured against.
// A process of its own, told as `name=value`, and ended when its input ends.
import {
  asked,
  type Consumer,
  loadNative,
  type Message,
  type Place,
  type PlaceAt,
} from '../../../runners/kafka/native.ts'
import { memberSettings, producerSettings } from '../../../runners/kafka/settings.ts'

const given = Object.fromEntries(
  process.argv.slice(2).map(arg => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]),
)
const options = { brokers: given.brokers!, folder: given.folder! }
const group = given.group!
const output = given.output!
const changelog = `${group}-changelog`
const commitMs = 100

const native = loadNative()
const producer = new native.Producer(producerSettings(options, group, 'bare'), {})
await asked<unknown>(done => producer.connect({ timeout: 15_000 }, done))
producer.setPollInBackground(true)
await asked<void>(done => producer.initTransactions(60_000, done))
const rebalanced = {
  rebalance_cb(this: Consumer, error: { code: number }, places: readonly Place[]): void {
    if (error.code === -175) this.incrementalAssign(places)
    else this.incrementalUnassign(places)
  },
}
const settings = { ...memberSettings(options, group, 'bare'), ...rebalanced }
const consumer = new native.KafkaConsumer(settings, { 'auto.offset.reset': 'earliest' })
await asked<unknown>(done => consumer.connect({ timeout: 15_000 }, done))
consumer.setDefaultConsumeTimeout(20)
consumer.setDefaultIsTimeoutOnlyForFirstMessage(true)
consumer.subscribe([given.input!])
console.log('running')

const counts = new Map<string, number>()
const changed = new Map<string, { readonly key: Buffer; readonly partition: number; value: Buffer }>()
const positions = new Map<number, PlaceAt>()

const steps: Readonly<Record<string, (message: Message) => void>> = {
  map({ key, value, partition, timestamp }) {
    producer.produce(output, partition, Buffer.from(`${value!.toString()}!`), key, timestamp, undefined, undefined)
  },
  count({ key, partition, timestamp }) {
    const name = key!.toString()
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    const value = Buffer.alloc(8)
    value.writeUInt32BE(count, 4)
    changed.set(name, { key: key!, partition, value })
    producer.produce(output, partition, value, key, timestamp, undefined, undefined)
  },
}
const step = steps[given.topology!]!

const commit = async (): Promise<void> => {
  for (const { key, partition, value } of changed.values())
    producer.produce(changelog, partition, value, key, Date.now(), undefined, undefined)
  changed.clear()
  await asked<void>(done => producer.sendOffsetsToTransaction([...positions.values()], consumer, -1, done))
  await asked<void>(done => producer.commitTransaction(-1, done))
  positions.clear()
}

const consume = (): Promise<Message[]> => asked<Message[]>(done => consumer.consume(2_000, done))
let ended = false
process.stdin.resume().once('end', () => {
  ended = true
})
let begun = false
let committedMs = 0
for (let next = consume(); !ended; ) {
  const messages = await next
  // The next ones are asked for before these are worked off, one call at a time so that their order holds.
  next = consume()
  if (messages.length > 0 && !begun) {
    await asked<void>(done => producer.beginTransaction(done))
    begun = true
  }
  for (const message of messages) step(message)
  for (const { topic, partition, offset } of messages)
    positions.set(partition, { topic, partition, offset: offset + 1 })
  if (begun && performance.now() - committedMs >= commitMs) {
    await commit()
    begun = false
    committedMs = performance.now()
  }
}
process.exit(0)
