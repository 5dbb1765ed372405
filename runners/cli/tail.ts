import { setTimeout as pause } from 'node:timers/promises'
import { type JsonValues, jsonValues } from '../../schemas/index.ts'
import type { Partition } from '../../topology/ports/log.ts'
import { type Call, type Command, CommandError } from './command.ts'
import { logFlags, type OpenedLog, openLog } from './open-log.ts'
import { registryFlag, registryToRead } from './open-registry.ts'
import { onlyArgument } from './pipelines.ts'
import { Progress } from './progress.ts'
import { jsonOf, lineOf, valueText } from './shown.ts'
import { untilSignal } from './signals.ts'
import { knownTopic, partitionsOf } from './topic.ts'

/** How often a tail at the end looks for more. */
const lookMs = 50
const readRecordsMax = 1_000

export const tailCommand: Command = {
  usage: 'tail TOPIC [--from start|end|OFFSET] [--until-end]',
  says: 'prints the records of a topic as they come',
  flags: {
    ...logFlags,
    ...registryFlag,
    from: { type: 'string', says: 'start, end, or an offset', default: 'end' },
    'until-end': { type: 'boolean', says: 'stop at the end instead of waiting for more' },
    format: { type: 'string', says: 'text or json', default: 'text' },
  },
  async run(call) {
    const print = call.choice('format', ['text', 'json']) === 'json' ? jsonOf : lineOf
    const opened = await openLog(call, 'existing')
    const registry = await registryToRead(call)
    try {
      const topic = await knownTopic(opened, onlyArgument(call, 'the topic'))
      const tail = await Tail.at(
        opened,
        partitionsOf(topic),
        call.flag('from')!,
        registry && jsonValues(registry.registry),
      )
      await follow(call, tail, print)
    } finally {
      await registry?.close()
      await opened.close()
    }
  },
}

const follow = async (call: Call, tail: Tail, print: typeof lineOf): Promise<void> => {
  const untilEnd = call.is('until-end')
  let stopped = false
  if (!untilEnd)
    untilSignal().then(() => {
      stopped = true
    })
  // Lines on a terminal are progress enough.
  const progress = untilEnd && !process.stdout.isTTY ? new Progress('records', tail.left) : undefined
  let printed = 0
  while (!stopped) {
    const any = await tail.more(line => {
      console.log(line)
      progress?.at(++printed)
    }, print)
    if (!any && untilEnd) break
    if (!any) await pause(lookMs)
  }
  progress?.end()
}

/** Where each partition stands, and where it ended when the reading began. */
class Tail {
  readonly #opened: OpenedLog
  readonly #values: JsonValues | undefined
  readonly #partitions: readonly { readonly at: Partition; next: number; readonly end: number }[]

  private constructor(opened: OpenedLog, partitions: Tail['partitions'], values: JsonValues | undefined) {
    this.#opened = opened
    this.#partitions = partitions
    this.#values = values
  }

  get partitions() {
    return this.#partitions
  }

  static async at(opened: OpenedLog, partitions: readonly Partition[], from: string, values: JsonValues | undefined) {
    const standing = await Promise.all(
      partitions.map(async at => {
        const { first, next: end } = await opened.log.ends(at)
        return { at, next: firstOffset(from, first, end), end }
      }),
    )
    return new Tail(opened, standing, values)
  }

  get left(): number {
    return this.#partitions.reduce((sum, { next, end }) => sum + Math.max(0, end - next), 0)
  }

  /** Some records more of each partition; false: there are none for now. */
  async more(tell: (line: string) => void, print: typeof lineOf): Promise<boolean> {
    let any = false
    for (const partition of this.#partitions) {
      const fetched = await this.#opened.log.read(partition.at, partition.next, readRecordsMax)
      for (const record of fetched.records)
        tell(print(partition.at, record, await valueText(partition.at.topic, record.value, this.#values)))
      any ||= fetched.records.length > 0
      partition.next = fetched.next
    }
    return any
  }
}

const firstOffset = (from: string, first: number, end: number): number => {
  if (from === 'start') return first
  if (from === 'end') return end
  const offset = Number(from)
  if (Number.isSafeInteger(offset) && offset >= 0) return offset
  throw new CommandError('usage', `--from takes start, end or an offset, not "${from}".`)
}
