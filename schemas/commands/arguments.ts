import { type ParseArgsConfig, parseArgs } from 'node:util'
import { SchemaError } from '../avro/error.ts'
import { CommandFailure, type CommandIo, type ExitCode, exitCodes } from './io.ts'

/** One subcommand: its arguments in, its exit code out. */
export type Command = (args: readonly string[], io: CommandIo) => Promise<ExitCode>

/** The command was called in a way it does not understand. */
export const misused = (message: string, usage: string): CommandFailure =>
  new CommandFailure(exitCodes.usage, `${message}\n\n${usage.trimEnd()}`)

/** Turns what a user did wrong into a sentence and an exit code; what is our own mistake goes on. */
export const guarded =
  (command: Command): Command =>
  async (args, io) => {
    try {
      return await command(args, io)
    } catch (error) {
      if (!(error instanceof CommandFailure) && !(error instanceof SchemaError)) throw error
      io.err(`${error.message}\n`)
      return error instanceof CommandFailure ? error.code : exitCodes.badInput
    }
  }

/** Parses arguments, and says what to write instead where they are wrong. */
export const parsedArguments = <const T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
  usage: string,
) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw misused(error instanceof Error ? error.message : String(error), usage)
  }
}

/** One of some words; undefined for any other. */
export const oneOf = <T extends string>(text: string, all: readonly T[]): T | undefined =>
  all.find(each => each === text)
