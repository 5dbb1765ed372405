import { describe } from '../../topology/index.ts'
import { type Command, CommandError } from './command.ts'
import { onlyArgument, topologiesOf } from './shared.ts'

const formats = ['text', 'json', 'mermaid'] as const

export const describeCommand: Command = {
  usage: 'describe FILE [--format text|json|mermaid]',
  says: 'shows what a pipeline is once it is planned: parts, topics, stores',
  flags: { format: { type: 'string', says: 'text, json or mermaid', default: 'text' } },
  async run(call) {
    const format = formats.find(known => known === call.flag('format'))
    if (format === undefined) throw new CommandError('usage', `--format takes ${formats.join(', ')}.`)
    for (const topology of await topologiesOf(onlyArgument(call, 'the pipeline file'))) {
      process.stdout.write(describe(topology, { format }))
    }
  },
}
