import type { Command } from './arguments.ts'
import { compatCommand } from './compat.ts'
import { explainCommand } from './explain.ts'
import { generateCommand } from './generate.ts'
import { type CommandIo, exitCodes } from './io.ts'
import { register } from './register.ts'
import { reviewCommand } from './review.ts'

/** Every subcommand: a line here is all it takes. */
export const subcommands: Readonly<Record<string, { readonly run: Command; readonly says: string }>> = {
  generate: { run: generateCommand, says: 'writes TypeScript for .avsc files' },
  review: { run: reviewCommand, says: 'says what a change of schemas breaks, for whom, and in which order to deploy' },
  compat: { run: compatCommand, says: 'answers pairs of schemas, line by line' },
  register: { run: register, says: 'puts schemas into a registry' },
  explain: { run: explainCommand, says: 'says what a rule of the review is about' },
}

const help = `franz schemas COMMAND

${Object.entries(subcommands)
  .map(([name, { says }]) => `  ${name.padEnd(10)}${says}\n`)
  .join('')}
\`franz schemas COMMAND --help\` says more.
`

/** `franz schemas`, from its arguments to its exit code. */
export const schemas = async ([name = '--help', ...args]: readonly string[], io: CommandIo): Promise<number> => {
  if (name === '--help' || name === '-h') {
    io.out(help)
    return exitCodes.done
  }
  const command = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined
  if (command !== undefined) return command.run(args, io)
  io.err(`There is no command ${name}.\n\n${help}`)
  return exitCodes.usage
}

/** The words and the environment of this process. */
export const processIo = (): CommandIo => ({
  out: text => process.stdout.write(text),
  err: text => process.stderr.write(text),
  env: process.env,
  input: process.stdin,
  colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
})
