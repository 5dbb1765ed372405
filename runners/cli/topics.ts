import { type Command, CommandError } from './command.ts'
import { logFlags, type OpenedLog, openLog } from './open-log.ts'
import { counted } from './shown.ts'
import { knownTopic, partitionsOf } from './topic.ts'

const partitionsMax = 1_000

export const topicsCommand: Command = {
  usage: 'topics [list | create NAME | describe NAME]',
  says: 'lists, makes and shows topics',
  flags: {
    ...logFlags,
    partitions: { type: 'string', says: 'partitions of a new topic', default: '4', value: 'N' },
    compact: { type: 'boolean', says: 'a new topic keeps the newest record of each key' },
    retention: { type: 'string', says: 'hours that a new topic keeps records; else for ever', value: 'HOURS' },
    format: { type: 'string', says: 'text or json', default: 'text' },
  },
  async run(call) {
    const [verb = 'list', name, ...more] = call.arguments
    const json = call.choice('format', ['text', 'json']) === 'json'
    if (!['list', 'create', 'describe'].includes(verb))
      throw new CommandError('usage', `topics can list, create and describe, not "${verb}".`)
    if (more.length > 0 || (verb !== 'list') !== (name !== undefined))
      throw new CommandError('usage', verb === 'list' ? '`topics list` takes no name.' : `name one topic to ${verb}.`)
    const opened = await openLog(call, verb === 'create' ? 'make' : 'existing')
    try {
      if (verb === 'create') await create(opened, name!, call)
      const topics = verb === 'list' ? await opened.operations.topics() : [await knownTopic(opened, name!)]
      const rows = await Promise.all(topics.map(topic => rowOf(opened, topic)))
      if (json) console.log(JSON.stringify(verb === 'list' ? rows : rows[0]))
      else for (const row of rows) console.log(verb === 'list' ? lineOf(row) : describedOf(row))
    } finally {
      await opened.close()
    }
  },
}

const create = async ({ log, where }: OpenedLog, name: string, call: Parameters<Command['run']>[0]): Promise<void> => {
  if (!/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/.test(name))
    throw new CommandError(
      'usage',
      `"${name}" is no name of a topic: letters, digits, dots, dashes and underscores, 249 at most.`,
    )
  const partitions = call.number('partitions', 1, partitionsMax)
  const hours = call.flag('retention') === undefined ? undefined : call.number('retention', 1, 24 * 36_500)
  if ((await log.topic(name)) !== undefined)
    throw new CommandError('failed', `there is a topic "${name}" in ${where} already; it stays as it is.`)
  const cleanup = call.is('compact') ? 'compact' : 'delete'
  await log.create([{ name, partitions, cleanup, retentionMs: hours === undefined ? undefined : hours * 3_600_000 }])
}

type Row = Awaited<ReturnType<typeof rowOf>>

const rowOf = async ({ log }: OpenedLog, topic: Awaited<ReturnType<typeof knownTopic>>) => {
  const { name, id, partitions, cleanup, retentionMs } = topic
  const ends = await Promise.all(partitionsOf(topic).map(partition => log.ends(partition)))
  const records = ends.reduce((sum, { first, next }) => sum + next - first, 0)
  return { name, id, partitions, cleanup, retentionMs: retentionMs ?? null, records, ends }
}

const lineOf = ({ name, partitions, records }: Row): string =>
  `${name}  ${counted(partitions, 'partition')}  ${counted(records, 'record')}`

const describedOf = ({ name, id, partitions, cleanup, retentionMs, records, ends }: Row): string =>
  [
    `${name}  ${counted(partitions, 'partition')}  ${counted(records, 'record')}`,
    `  id         ${id}`,
    `  cleanup    ${cleanup}`,
    `  kept       ${retentionMs === null ? 'for ever' : `${retentionMs / 3_600_000} h`}`,
    ...ends.map(({ first, next }, partition) => `  ${String(partition).padEnd(9)}  offsets ${first} to ${next}`),
  ].join('\n')
