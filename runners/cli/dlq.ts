import { jsonValues } from '../../schemas/index.ts'
import { type Call, type Command, CommandError } from './command.ts'
import { letterOf } from './dead-letters/letter.ts'
import { listLetters, reasonOf } from './dead-letters/list.ts'
import { redriveAll, redriveOne, type Sent } from './dead-letters/redrive.ts'
import { logFlags, type OpenedLog, openLog } from './open-log.ts'
import { registryFlag, registryToRead } from './open-registry.ts'
import { counted, shown, valueText } from './shown.ts'
import { knownTopic, partitionsOf } from './topic.ts'

const showMax = 1_000

export const dlqCommand: Command = {
  usage: 'dlq [list | show TOPIC | redrive TOPIC [--at PARTITION:OFFSET]]',
  says: 'dead letters: which there are, what they say, and back to where they came from',
  flags: {
    ...logFlags,
    ...registryFlag,
    limit: { type: 'string', says: 'letters to show of each partition, the newest', default: '20', value: 'N' },
    at: {
      type: 'string',
      says: 'redrive this letter alone, though it was sent back before',
      value: 'P:OFFSET',
      many: true,
    },
    'dry-run': { type: 'boolean', says: 'only say what would be sent back' },
    format: { type: 'string', says: 'text or json', default: 'text' },
  },
  async run(call) {
    const [verb = 'list', topic, ...more] = call.arguments
    const act = { list: listAll, show: showSome, redrive }[verb]
    if (act === undefined) throw new CommandError('usage', `dlq can list, show and redrive, not "${verb}".`)
    if (more.length > 0 || (verb !== 'list') !== (topic !== undefined))
      throw new CommandError('usage', verb === 'list' ? '`dlq list` takes no topic.' : `name one topic to ${verb}.`)
    const opened = await openLog(call, 'existing')
    try {
      await act(opened, call, topic ?? '')
    } finally {
      await opened.close()
    }
  },
}

const isJson = (call: Call): boolean => call.choice('format', ['text', 'json']) === 'json'

const listAll = async (opened: OpenedLog, call: Call): Promise<void> => {
  const json = isJson(call)
  const found = await listLetters(opened)
  if (json) console.log(JSON.stringify(found))
  else if (found.length === 0) console.log(`There are no dead letters in ${opened.where}.`)
  else
    for (const { topic, records, newest, reason } of found)
      console.log(
        `${topic}  ${counted(records, 'record')}, the newest of ${new Date(newest).toISOString()}\n  ${reason}`,
      )
}

const showSome = async (opened: OpenedLog, call: Call, name: string): Promise<void> => {
  const json = isJson(call)
  const limit = call.number('limit', 1, showMax)
  const topic = await knownTopic(opened, name)
  const registry = await registryToRead(call)
  const values = registry && jsonValues(registry.registry)
  try {
    for (const partition of partitionsOf(topic)) {
      const { first, next } = await opened.log.ends(partition)
      const { records } = await opened.log.read(partition, Math.max(first, next - limit), limit)
      for (const record of records) {
        const letter = letterOf(record)
        const value = await valueText(letter?.origin.topic ?? name, record.value, values)
        const at = `${partition.partition}:${record.offset}`
        if (json)
          console.log(JSON.stringify({ at, ...letter, timestamp: record.timestamp, key: shown(record.key), value }))
        else if (letter === undefined) console.log(`${at}  not a dead letter  ${value}`)
        else console.log(textOf(at, letter, shown(record.key), value))
      }
    }
  } finally {
    await registry?.close()
  }
}

const textOf = (
  at: string,
  letter: NonNullable<ReturnType<typeof letterOf>>,
  key: string | null,
  value: string | null,
) => {
  const { origin, attempt } = letter
  const again = attempt === 0 ? '' : `, sent back ${attempt} ${attempt === 1 ? 'time' : 'times'} before`
  return [
    `${at}  from ${origin.topic}-${origin.partition}, offset ${origin.offset}${again}`,
    `  ${reasonOf(letter)}`,
    `  ${key ?? '(no key)'}  ${value ?? '(deleted)'}`,
  ].join('\n')
}

const redrive = async (opened: OpenedLog, call: Call, name: string): Promise<void> => {
  const json = isJson(call)
  const topic = await knownTopic(opened, name)
  const dry = call.is('dry-run')
  const sent: Sent[] = []
  const places = call.all('at').map(placeOf)
  for (const { partition, offset } of places)
    sent.push(...(await redriveOne(opened, { topic: name, partition }, offset, dry)))
  if (places.length === 0) {
    const ends = await Promise.all(partitionsOf(topic).map(partition => opened.log.ends(partition)))
    const total = ends.reduce((sum, { first, next }) => sum + next - first, 0)
    sent.push(...(await redriveAll(opened, name, total, dry)))
  }
  if (json) console.log(JSON.stringify({ topic: name, done: !dry, sent }))
  else console.log(sentText(sent, dry))
}

const placeOf = (place: string): { partition: number; offset: number } => {
  const [, partition, offset] = /^(\d+):(\d+)$/.exec(place) ?? []
  if (partition === undefined) throw new CommandError('usage', `--at takes PARTITION:OFFSET, as 0:17, not "${place}".`)
  return { partition: Number(partition), offset: Number(offset) }
}

const sentText = (sent: readonly Sent[], dry: boolean): string => {
  if (sent.length === 0) return 'There is nothing that has not been sent back before. --at sends one letter again.'
  const topics = new Map<string, number>()
  for (const { to } of sent) topics.set(to.topic, (topics.get(to.topic) ?? 0) + 1)
  const each = [...topics].map(([topic, count]) => `${count} to ${topic}`).join(', ')
  return dry ? `Would send back ${each}. Nothing was changed.` : `Sent back ${each}.`
}
