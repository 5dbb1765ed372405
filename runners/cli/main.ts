import { TopologyError } from '../../topology/index.ts'
import { KafkaError } from '../kafka/failure.ts'
import { DataFolderError } from '../lmdb/errors.ts'
import { type Command, CommandError, callOf, exits, nearest, twinOf } from './command.ts'
import { describeCommand } from './describe.ts'
import { dlqCommand } from './dlq.ts'
import { lagCommand } from './lag.ts'
import { diffCommand, lockCommand } from './lock.ts'
import { produceCommand } from './produce.ts'
import { resetCommand } from './reset.ts'
import { runCommand } from './run.ts'
import { schemasCommand } from './schemas.ts'
import { startCommand } from './start.ts'
import { tailCommand } from './tail.ts'
import { topicsCommand } from './topics.ts'

const commands: Readonly<Record<string, Command>> = {
  start: startCommand,
  run: runCommand,
  describe: describeCommand,
  diff: diffCommand,
  lock: lockCommand,
  topics: topicsCommand,
  produce: produceCommand,
  tail: tailCommand,
  lag: lagCommand,
  reset: resetCommand,
  dlq: dlqCommand,
}

const help = (): string =>
  [
    'franz: typed stream pipelines, exactly once',
    '',
    ...Object.values(commands).map(({ usage, says }) => `  franz ${usage.padEnd(44)} ${says}`),
    `  franz ${'schemas COMMAND'.padEnd(44)} types, review, registry of Avro schemas`,
    '',
    '`franz COMMAND --help` shows the flags of one. Every flag has a twin in the environment: --data is FRANZ_DATA.',
  ].join('\n')

const helpOf = ({ usage, says, flags }: Command): string =>
  [
    `franz ${usage}`,
    `  ${says}`,
    '',
    ...Object.entries(flags).map(
      ([name, flag]) =>
        `  --${name.padEnd(18)} ${flag.says}${flag.default === undefined ? '' : ` (${flag.default})`} [${twinOf(name)}]`,
    ),
  ].join('\n')

/** The command, from its arguments to its exit code. */
export const main = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> => {
  // Whoever reads our words may have heard enough, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(exits.done)
  })
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help())
    return name === undefined ? exits.usage : exits.done
  }
  if (name === 'schemas') return schemasCommand(rest)
  const command = commands[name]
  if (command === undefined) {
    const near = nearest(name, [...Object.keys(commands), 'schemas'])
    console.error(
      `franz: there is no command "${name}".${near ? ` Did you mean "franz ${near}"?` : ''} See franz --help.`,
    )
    return exits.usage
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(helpOf(command))
    return exits.done
  }
  try {
    await command.run(callOf(command, rest, env))
    return exits.done
  } catch (error) {
    return shown(error)
  }
}

const shown = (error: unknown): number => {
  if (error instanceof CommandError) {
    if (error.message !== '') console.error(`franz: ${error.message}`)
    return error.exit
  }
  if (error instanceof KafkaError) {
    console.error(`franz: ${error.message}`)
    return error.trouble === 'unreachable' ? exits.unreachable : exits.failed
  }
  if (error instanceof TopologyError || error instanceof DataFolderError) {
    console.error(`franz: ${error.message}`)
    return exits.failed
  }
  console.error('franz: this is a bug of ours, please report it with the lines below.', error)
  return exits.bug
}
