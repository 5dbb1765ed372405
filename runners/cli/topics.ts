import { type Command, CommandError } from './command.ts'
import { dataFlag, existingLog, knownTopic } from './shared.ts'

export const topicsCommand: Command = {
  usage: 'topics [list | create NAME | describe NAME]',
  says: 'lists, makes and shows topics',
  flags: {
    data: dataFlag,
    partitions: { type: 'string', says: 'partitions of a new topic', default: '4' },
    format: { type: 'string', says: 'text or json', default: 'text' },
  },
  async run(call) {
    const [verb = 'list', name] = call.arguments
    const log = existingLog(call)
    try {
      if (verb === 'create' && name !== undefined) {
        const partitions = Number(call.flag('partitions'))
        if (!(Number.isInteger(partitions) && partitions > 0))
          throw new CommandError('usage', '--partitions takes a whole number above 0.')
        await log.create([{ name, partitions, cleanup: 'delete' }])
      }
      if (!['list', 'create', 'describe'].includes(verb))
        throw new CommandError('usage', `topics can list, create and describe, not "${verb}".`)
      const topics = verb === 'list' ? log.topics.all() : [knownTopic(log, name ?? '')]
      const rows = topics.map(({ name, partitions, id }) => {
        const ends = Array.from({ length: partitions }, (_, partition) => log.topics.end({ topic: name, partition }))
        return { name, id, partitions, records: ends.reduce((sum, end) => sum + end, 0), ends }
      })
      if (call.flag('format') === 'json') console.log(JSON.stringify(rows))
      else
        for (const { name, partitions, records } of rows)
          console.log(`${name}  ${partitions} partitions  ${records} records`)
    } finally {
      await log.close()
    }
  },
}
