import { setTimeout as pause } from 'node:timers/promises'
import type { StoredRecord } from '../../topology/ports/log.ts'
import { type Command, CommandError } from './command.ts'
import { dataFlag, existingLog, knownTopic, onlyArgument } from './shared.ts'
import { untilSignal } from './signals.ts'

/** How often a tail at the end looks for more. */
const lookMs = 50
const readRecordsMax = 1_000

export const tailCommand: Command = {
  usage: 'tail TOPIC [--from start|end|OFFSET] [--until-end]',
  says: 'prints the records of a topic as they come',
  flags: {
    data: dataFlag,
    from: { type: 'string', says: 'start, end, or an offset', default: 'end' },
    'until-end': { type: 'boolean', says: 'stop at the end instead of waiting for more' },
    format: { type: 'string', says: 'text or json', default: 'text' },
  },
  async run(call) {
    const log = existingLog(call)
    const topic = knownTopic(log, onlyArgument(call, 'the topic'))
    const print = call.flag('format') === 'json' ? asJson : asText
    let stopped = false
    if (!call.is('until-end'))
      untilSignal().then(() => {
        stopped = true
      })
    const partitions = Array.from({ length: topic.partitions }, (_, partition) => ({ topic: topic.name, partition }))
    const next = partitions.map(partition =>
      firstOffset(call.flag('from')!, log.topics.first(partition), log.topics.end(partition)),
    )
    try {
      while (!stopped) {
        let any = false
        for (const [index, partition] of partitions.entries()) {
          const fetched = log.topics.read(partition, next[index]!, readRecordsMax)
          for (const record of fetched.records) console.log(print(partition.partition, record))
          any ||= fetched.records.length > 0
          next[index] = fetched.next
        }
        if (!any && call.is('until-end')) return
        if (!any) await pause(lookMs)
      }
    } finally {
      await log.close()
    }
  },
}

const firstOffset = (from: string, first: number, end: number): number => {
  if (from === 'start') return first
  if (from === 'end') return end
  const offset = Number(from)
  if (Number.isSafeInteger(offset) && offset >= 0) return offset
  throw new CommandError('usage', `--from takes start, end or an offset, not "${from}".`)
}

/** Text where the bytes are text, a JSON array of numbers where they are a whole number, else hexadecimal. */
const shown = (bytes: Uint8Array | null): string | null => {
  if (bytes === null) return null
  const buffer = Buffer.from(bytes)
  const text = buffer.toString('utf8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text with control characters is shown as bytes
  if (Buffer.from(text).equals(buffer) && !/[\x00-\x08\x0e-\x1f]/.test(text)) return text
  return buffer.length === 8 ? buffer.readBigInt64BE().toString() : `0x${buffer.toString('hex')}`
}

const asText = (partition: number, { key, value, offset, timestamp }: StoredRecord): string =>
  `${partition}:${offset}  ${new Date(timestamp).toISOString()}  ${shown(key) ?? '(no key)'}  ${shown(value) ?? '(deleted)'}`

const asJson = (partition: number, { key, value, offset, timestamp, headers }: StoredRecord): string =>
  JSON.stringify({
    partition,
    offset,
    timestamp,
    key: shown(key),
    value: shown(value),
    headers: Object.fromEntries(headers.map(([name, content]) => [name, shown(content)])),
  })
