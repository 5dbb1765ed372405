import type { Codec } from '../../../topology/ports/codec.ts'
import type { Outgoing, TopicOf } from '../../../topology/ports/connectors.ts'
import type { CodecPair } from '../../../topology/task/codecs.ts'
import type { World } from '../world.ts'
import { decoded } from './batch.ts'

const readRecordsMax = 1_000

/** Reads a topic from its first record to where it ended when the reading began; what cannot be decoded is left out. */
export async function* readTopic<K, V>(
  world: Pick<World, 'log' | 'registry'>,
  at: string,
  topic: TopicOf<K, V>,
): AsyncGenerator<Outgoing<K, V>> {
  const { log, registry } = world
  const { name } = topic
  const pair: CodecPair = {
    key: (await topic.key.open({ topic: name, part: 'key' }, registry)) as Codec<unknown, unknown>,
    value: (await topic.value.open({ topic: name, part: 'value' }, registry)) as Codec<unknown, unknown>,
  }
  const codecs = new Map([[name, pair]])
  const partitions = (await log.topic(name))?.partitions ?? 0
  for (let partition = 0; partition < partitions; partition++) {
    const { first, next: end } = await log.ends({ topic: name, partition })
    for (let offset = first; offset < end; ) {
      const fetched = await log.read({ topic: name, partition }, offset, readRecordsMax)
      const { outgoing } = await decoded(at, [fetched], codecs)
      for (const record of outgoing) if (record.offset < end) yield record as Outgoing<K, V>
      if (fetched.next <= offset) break
      offset = fetched.next
    }
  }
}
