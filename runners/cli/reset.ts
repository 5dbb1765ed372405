import { plan } from '../../topology/plan/parts.ts'
import type { Plan } from '../../topology/plan/plan.ts'
import type { Reset } from '../../topology/ports/operations.ts'
import { type Command, CommandError, nearest } from './command.ts'
import { logFlags, type OpenedLog, openLog } from './open-log.ts'
import { onlyArgument, topologiesOf } from './pipelines.ts'
import { counted } from './shown.ts'

export const resetCommand: Command = {
  usage: 'reset FILE|NAME [--dry-run]',
  says: 'lets topologies begin anew: stores emptied, topics read again from their first record',
  examples: ['franz reset ./desk.ts --only etikett --dry-run'],
  flags: {
    ...logFlags,
    only: {
      type: 'string',
      says: 'a topology, or one of its connectors as topology.connector',
      value: 'NAME',
      many: true,
    },
    'dry-run': { type: 'boolean', says: 'only say what would happen' },
    format: { type: 'string', says: 'text or json', default: 'text' },
  },
  async run(call) {
    const json = call.choice('format', ['text', 'json']) === 'json'
    const plans = (await topologiesOf(onlyArgument(call, 'the pipeline, by file or name'))).map(({ graph }) =>
      plan(graph),
    )
    const reset = resetOf(plans, call.all('only'))
    const opened = await openLog(call, 'existing')
    try {
      const standing = await standingOf(opened, reset)
      if (!call.is('dry-run')) await opened.operations.reset(reset)
      if (json) console.log(JSON.stringify({ ...reset, ...standing, done: !call.is('dry-run') }))
      else console.log(words(reset, standing.records, call.is('dry-run')))
    } finally {
      await opened.close()
    }
  },
}

const connectorsOf = ({ name, graph }: Plan): string[] =>
  graph.nodes.flatMap(({ facts }) => facts.delivers?.connector ?? []).map(connector => `${name}.${connector}`)

/** A topology's own work by its name; what it has brought outside is taken back by its connector's name alone. */
const resetOf = (plans: readonly Plan[], only: readonly string[]): Reset => {
  const names = plans.flatMap(planned => [planned.name, ...connectorsOf(planned)])
  const unknown = only.find(name => !names.includes(name))
  if (unknown !== undefined) {
    const near = nearest(unknown, names)
    throw new CommandError(
      'usage',
      `there is no "${unknown}". ${near ? `Did you mean "${near}"?` : `There are: ${names.join(', ')}.`}`,
    )
  }
  const chosen = plans.filter(({ name }) => only.length === 0 || only.includes(name))
  return {
    groups: [...chosen.map(({ name }) => name), ...only.filter(name => name.includes('.'))],
    exchanges: chosen.flatMap(({ topics }) =>
      topics.filter(({ purpose }) => purpose === 'exchange').map(({ name }) => name),
    ),
    changelogs: chosen.flatMap(({ topics }) =>
      topics.filter(({ purpose }) => purpose === 'changelog').map(({ name }) => name),
    ),
  }
}

/** What would be read again. */
const standingOf = async ({ log, operations }: OpenedLog, { groups, exchanges }: Reset) => {
  let records = 0
  for (const { group, positions } of await operations.groups()) {
    if (!groups.includes(group)) continue
    for (const { topic, partition, offset } of positions) {
      if (exchanges.includes(topic) || (await log.topic(topic)) === undefined) continue
      records += Math.max(0, offset - (await log.ends({ topic, partition })).first)
    }
  }
  return { records }
}

const words = ({ groups, exchanges, changelogs }: Reset, records: number, dry: boolean): string =>
  [
    `${dry ? 'Would reset' : 'Reset'} ${groups.join(', ')}:`,
    `  ${counted(records, 'record')} will be read again`,
    ...changelogs.map(name => `  the store of ${name} is emptied`),
    ...exchanges.map(name => `  what waits in ${name} is deleted`),
    dry
      ? 'Nothing was changed. Leave --dry-run away to do it.'
      : 'What was written before stays: it will be there twice.',
  ].join('\n')
