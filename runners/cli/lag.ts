import { type Command, CommandError, nearest } from './command.ts'
import { logFlags, type OpenedLog, openLog } from './open-log.ts'

interface Lag {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly position: number
  readonly end: number
  readonly lag: number
}

export const lagCommand: Command = {
  usage: 'lag [GROUP]',
  says: 'shows how far topologies and their sinks are behind: what waits for each, by topic',
  flags: { ...logFlags, format: { type: 'string', says: 'text or json', default: 'text' } },
  async run(call) {
    const json = call.choice('format', ['text', 'json']) === 'json'
    const opened = await openLog(call, 'existing')
    try {
      const lags = await lagsOf(opened, call.arguments[0])
      if (json) console.log(JSON.stringify(lags))
      else if (lags.length === 0) console.log(`No topology has run on ${opened.where} yet.`)
      else for (const line of linesOf(lags)) console.log(line)
    } finally {
      await opened.close()
    }
  },
}

const lagsOf = async ({ log, operations, where }: OpenedLog, only: string | undefined): Promise<Lag[]> => {
  const groups = (await operations.groups()).filter(({ group }) => only === undefined || group === only)
  if (only !== undefined && groups.length === 0) {
    const names = (await operations.groups()).map(({ group }) => group)
    const near = nearest(only, names)
    const there = names.length === 0 ? 'None has run yet.' : `There are: ${names.join(', ')}.`
    throw new CommandError(
      'failed',
      `no topology "${only}" has run on ${where}. ${near ? `Did you mean "${near}"?` : there}`,
    )
  }
  const lags: Lag[] = []
  for (const { group, positions } of groups) {
    for (const { topic, partition, offset: position } of positions) {
      if ((await log.topic(topic)) === undefined) continue
      const { next: end } = await log.ends({ topic, partition })
      lags.push({ group, topic, partition, position, end, lag: Math.max(0, end - position) })
    }
  }
  return lags
}

/** One line for each topic: its partitions together, and the one that is furthest behind. */
const linesOf = (lags: readonly Lag[]): string[] => {
  const byTopic = new Map<string, Lag[]>()
  for (const lag of lags) {
    const name = `${lag.group} ${lag.topic}`
    byTopic.set(name, [...(byTopic.get(name) ?? []), lag])
  }
  const rows = [...byTopic.values()].map(those => {
    const total = those.reduce((sum, { lag }) => sum + lag, 0)
    const worst = those.reduce((most, lag) => (lag.lag > most.lag ? lag : most))
    const where = total === 0 ? 'nothing waits' : `${total} wait, ${worst.lag} of them in partition ${worst.partition}`
    return [those[0]!.group, those[0]!.topic, where] as const
  })
  const widths = [0, 1].map(column => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(([group, topic, where]) => `${group.padEnd(widths[0]!)}  ${topic.padEnd(widths[1]!)}  ${where}`)
}
