import { deploymentFrom } from '../../schemas/index.ts'
import { describe, description } from '../../topology/index.ts'
import { type Command, CommandError } from './command.ts'
import { onlyArgument, topologiesOf } from './pipelines.ts'

const formats = ['text', 'json', 'mermaid', 'deployment'] as const

export const describeCommand: Command = {
  usage: 'describe FILE [--format FORMAT]',
  says: 'shows what a pipeline is once it is planned: parts, topics, stores',
  flags: {
    format: {
      type: 'string',
      says: 'text, json, mermaid, or deployment: what `franz schemas review --deployment` takes',
      default: 'text',
    },
  },
  async run(call) {
    const format = formats.find(known => known === call.flag('format'))
    if (format === undefined) throw new CommandError('usage', `--format takes ${formats.join(', ')}.`)
    const topologies = await topologiesOf(onlyArgument(call, 'the pipeline file'))
    if (format === 'deployment') {
      const deployment = deploymentFrom(topologies.map(topology => description(topology)))
      process.stdout.write(`${JSON.stringify(deployment, null, 2)}\n`)
      return
    }
    for (const topology of topologies) {
      process.stdout.write(describe(topology, { format }))
    }
  },
}
