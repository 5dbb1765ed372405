#!/usr/bin/env node
import type { Command } from '../commands/arguments.ts'
import { compatCommand } from '../commands/compat.ts'
import { explainCommand } from '../commands/explain.ts'
import { generateCommand } from '../commands/generate.ts'
import { type CommandIo, exitCodes } from '../commands/io.ts'
import { register } from '../commands/register.ts'
import { reviewCommand } from '../commands/review.ts'

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

const run = async ([name = '--help', ...args]: readonly string[], io: CommandIo): Promise<number> => {
  if (name === '--help' || name === '-h') {
    io.out(help)
    return exitCodes.done
  }
  const command = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined
  if (command !== undefined) return command.run(args, io)
  io.err(`There is no command ${name}.\n\n${help}`)
  return exitCodes.usage
}

const io: CommandIo = {
  out: text => process.stdout.write(text),
  err: text => process.stderr.write(text),
  env: process.env,
  input: process.stdin,
  colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
}
// Whoever reads our words may have heard enough, as `head` does.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  process.exit(exitCodes.done)
})
try {
  process.exitCode = await run(process.argv.slice(2), io)
} catch (error) {
  io.err(`This is a bug in franz: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = exitCodes.bug
}
