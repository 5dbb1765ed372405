import { inspect } from 'node:util'
import { redactor, secretsOf } from '../host/logs/redact.ts'
import { type Command, CommandError, callOf, exits, nearest, twinOf } from './command.ts'

/** Each is loaded when it is called: who asks for one need not wait for all. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./desk/start.ts')).startCommand,
  run: async () => (await import('./run.ts')).runCommand,
  describe: async () => (await import('./describe.ts')).describeCommand,
  diff: async () => (await import('./lock.ts')).diffCommand,
  lock: async () => (await import('./lock.ts')).lockCommand,
  topics: async () => (await import('./topics.ts')).topicsCommand,
  produce: async () => (await import('./produce.ts')).produceCommand,
  tail: async () => (await import('./tail.ts')).tailCommand,
  lag: async () => (await import('./lag.ts')).lagCommand,
  reset: async () => (await import('./reset.ts')).resetCommand,
  dlq: async () => (await import('./dlq.ts')).dlqCommand,
  'pull-model': async () => (await import('./desk/pull-model.ts')).pullModelCommand,
  demo: async () => (await import('./desk/demo-command.ts')).demoCommand,
  token: async () => (await import('./desk/token-command.ts')).tokenCommand,
  discord: async () => (await import('./desk/discord-command.ts')).discordCommand,
  doctor: async () => (await import('./doctor/doctor.ts')).doctorCommand,
}

const nameWidth = Math.max(...Object.keys(commands).map(name => name.length))

const help = async (): Promise<string> => {
  const all = await Promise.all(Object.entries(commands).map(async ([name, load]) => [name, await load()] as const))
  return [
    'franz: typed stream pipelines, exactly once',
    '',
    ...all.map(([name, { says }]) => `  franz ${name.padEnd(nameWidth)} ${says}`),
    `  franz ${'schemas'.padEnd(nameWidth)} types, review, registry of Avro schemas`,
    '',
    '`franz COMMAND --help` shows how one is used. Every flag has a twin in the environment: --data is FRANZ_DATA.',
  ].join('\n')
}

const helpOf = ({ usage, says, flags, examples = [] }: Command): string =>
  [
    `franz ${usage}`,
    `  ${says}`,
    '',
    ...Object.entries(flags).map(([name, { says, value, default: given }]) => {
      const flag = value === undefined ? name : `${name} ${value}`
      return `  --${flag.padEnd(22)} ${says}${given === undefined ? '' : ` (${given})`} [${twinOf(name)}]`
    }),
    ...(examples.length === 0 ? [] : ['', ...examples.map(example => `  ${example}`)]),
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
    console.log(await help())
    return name === undefined ? exits.usage : exits.done
  }
  if (name === 'schemas') return (await import('./schemas.ts')).schemasCommand(rest)
  if (!Object.hasOwn(commands, name)) {
    const near = nearest(name, [...Object.keys(commands), 'schemas'])
    const hint = near === undefined ? '' : ` Did you mean "franz ${near}"?`
    console.error(`franz: there is no command "${name}".${hint} See franz --help.`)
    return exits.usage
  }
  try {
    const command = await commands[name]!()
    if (rest.includes('--help') || rest.includes('-h')) console.log(helpOf(command))
    else await command.run(callOf(command, rest, env))
    return exits.done
  } catch (error) {
    return shown(error, env)
  }
}

/** Errors of the user's world, by their names: their words are meant for them. */
const ofUsers: Readonly<Record<string, number>> = {
  TopologyError: exits.failed,
  DataFolderError: exits.failed,
  PortTaken: exits.failed,
  StoppedLate: exits.failed,
  FolderOwned: exits.failed,
  JournalDamage: exits.failed,
  CodecError: exits.badInput,
  RegistryError: exits.unreachable,
  KafkaError: exits.failed,
}

/** What kind of trouble such an error says it is; those that are not here are no matter of what is elsewhere. */
const ofTroubles: Readonly<Record<string, number>> = {
  unreachable: exits.unreachable,
  refused: exits.unreachable,
  'client missing': exits.unreachable,
  'settings wrong': exits.badInput,
}

const shown = (error: unknown, env: NodeJS.ProcessEnv): number => {
  const say = (text: string) => console.error(redactor(secretsOf(env))(text))
  if (error instanceof CommandError) {
    if (error.message !== '') say(`franz: ${error.message}`)
    return error.exit
  }
  const { name, trouble = '' } = error instanceof Error ? (error as Error & { trouble?: string }) : { name: '' }
  const exit = ofTroubles[trouble] ?? ofUsers[name]
  if (exit !== undefined) {
    const missing = (error as { code?: unknown }).code === 'TOPIC_MISSING'
    say(
      `franz: ${(error as Error).message}${missing ? ' --create-topics makes those that the pipeline declares.' : ''}`,
    )
    return exit
  }
  say(`franz: this is a bug of ours, please report it with the lines below.\n${inspect(error)}`)
  return exits.bug
}
