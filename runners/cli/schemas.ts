import { processIo, schemas } from '../../schemas/commands/index.ts'

/** Schemas have subcommands and flags of their own: `franz schemas --help` tells them. */
export const schemasCommand = (args: readonly string[]): Promise<number> => schemas(args, processIo())
