import { createInterface } from 'node:readline'
import type { LogRecord } from '../../topology/ports/log.ts'
import { partitionOf } from '../../topology/task/partitioner.ts'
import { type Command, CommandError } from './command.ts'
import { dataFlag, existingLog, knownTopic, onlyArgument } from './shared.ts'

/** Lines held in memory before anything is written: all of the input is checked first, and it is one transaction. */
const linesMax = 1_000_000

export const produceCommand: Command = {
  usage: 'produce TOPIC',
  says: 'appends JSON lines from stdin: {"key","value","timestamp"?,"headers"?}',
  flags: { data: dataFlag },
  async run(call) {
    const log = existingLog(call)
    try {
      const topic = knownTopic(log, onlyArgument(call, 'the topic'))
      const byPartition = new Map<number, LogRecord[]>()
      let line = 0
      for await (const text of createInterface({ input: process.stdin })) {
        line++
        if (text.trim() === '') continue
        if (line > linesMax)
          throw new CommandError('badInput', `more than ${linesMax} lines: nothing was written. Split the input.`)
        const record = recordOf(text, line)
        const partition = record.key === null ? line % topic.partitions : partitionOf(record.key, topic.partitions)
        const records = byPartition.get(partition) ?? []
        records.push(record)
        byPartition.set(partition, records)
      }
      log.append([...byPartition].map(([partition, records]) => ({ to: { topic: topic.name, partition }, records })))
      console.error(`${line} lines read, ${[...byPartition.values()].flat().length} records appended to ${topic.name}.`)
    } finally {
      await log.close()
    }
  },
}

const fields = ['key', 'value', 'timestamp', 'headers']

const recordOf = (text: string, line: number): LogRecord => {
  const wrong = (what: string) => new CommandError('badInput', `line ${line}: ${what}. Nothing was written.`)
  let parsed: Record<string, unknown>
  try {
    parsed = JSON.parse(text) as Record<string, unknown>
  } catch (error) {
    throw wrong(`it is not JSON (${(error as Error).message})`)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw wrong('it is not an object with "key" and "value"')
  const unknown = Object.keys(parsed).find(name => !fields.includes(name))
  if (unknown !== undefined) throw wrong(`it has the unknown field "${unknown}"; known are ${fields.join(', ')}`)
  const { key = null, value = null, timestamp = Date.now(), headers = {} } = parsed
  if (!Number.isSafeInteger(timestamp) || (timestamp as number) < 0)
    throw wrong('"timestamp" is not milliseconds since 1970')
  if (typeof headers !== 'object' || headers === null) throw wrong('"headers" is not an object')
  return {
    key: bytesOf(key),
    value: bytesOf(value),
    timestamp: timestamp as number,
    headers: Object.entries(headers).map(([name, content]) => [name, bytesOf(content)] as const),
  }
}

/** Text as it is, anything else as JSON. */
const bytesOf = (value: unknown): Uint8Array | null =>
  value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
