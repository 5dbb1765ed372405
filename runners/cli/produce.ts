import { createInterface } from 'node:readline'
import { type JsonValues, jsonValues } from '../../schemas/index.ts'
import type { LogRecord } from '../../topology/ports/log.ts'
import { partitionOf } from '../../topology/task/partitioner.ts'
import { bytesOf, parseRecord } from '../records/json-record.ts'
import { type Command, CommandError } from './command.ts'
import { logFlags, openLog } from './open-log.ts'
import { registryFlag, registryToRead } from './open-registry.ts'
import { onlyArgument } from './pipelines.ts'
import { Progress } from './progress.ts'
import { counted } from './shown.ts'
import { knownTopic } from './topic.ts'

/** Lines held in memory before anything is written: all of the input is checked first, and it is one transaction. */
const linesMax = 1_000_000

export const produceCommand: Command = {
  usage: 'produce TOPIC',
  says: 'appends JSON lines from stdin: {"key","value","timestamp"?,"headers"?}',
  examples: ['echo \'{"key":"a","value":"to be or not to be"}\' | franz produce lines'],
  flags: {
    ...logFlags,
    ...registryFlag,
    format: { type: 'string', says: 'of what is told: text or json', default: 'text' },
  },
  async run(call) {
    const asJson = call.choice('format', ['text', 'json']) === 'json'
    const opened = await openLog(call, 'existing')
    const registry = await registryToRead(call)
    try {
      const topic = await knownTopic(opened, onlyArgument(call, 'the topic'))
      const values = registry && jsonValues(registry.registry)
      const { lines, byPartition } = await recordsOf(topic.name, topic.partitions, values)
      await opened.operations.append(
        [...byPartition].map(([partition, records]) => ({ topic: topic.name, partition, records })),
      )
      const records = [...byPartition.values()].reduce((sum, { length }) => sum + length, 0)
      if (asJson) console.log(JSON.stringify({ topic: topic.name, lines, records }))
      else console.error(`${counted(lines, 'line')} read, ${counted(records, 'record')} appended to ${topic.name}.`)
    } finally {
      await registry?.close()
      await opened.close()
    }
  },
}

const recordsOf = async (topic: string, partitions: number, values: JsonValues | undefined) => {
  const byPartition = new Map<number, LogRecord[]>()
  const progress = new Progress('reading')
  let lines = 0
  for await (const text of createInterface({ input: process.stdin })) {
    lines++
    if (text.trim() === '') continue
    if (lines > linesMax)
      throw new CommandError('badInput', `more than ${linesMax} lines: nothing was written. Split the input.`)
    const record = await recordOf(topic, text, lines, values)
    const partition = record.key === null ? lines % partitions : partitionOf(record.key, partitions)
    const records = byPartition.get(partition) ?? []
    records.push(record)
    byPartition.set(partition, records)
    progress.at(lines)
  }
  progress.end()
  return { lines, byPartition }
}

const recordOf = async (
  topic: string,
  text: string,
  line: number,
  values: JsonValues | undefined,
): Promise<LogRecord> => {
  try {
    const { key, value, timestamp = Date.now(), headers } = parseRecord(text)
    const avro = value === null ? undefined : await values?.write(topic, JSON.stringify(value))
    return { key: bytesOf(key), value: avro ?? bytesOf(value), timestamp, headers }
  } catch (error) {
    throw new CommandError(
      'badInput',
      `line ${line}: ${(error as Error).message.replace(/\.$/, '')}. Nothing was written.`,
    )
  }
}
