import { processIo, schemas } from '../../schemas/commands/index.ts'
import { CommandFailure, exitCodes } from '../../schemas/commands/io.ts'
import { type Topology, TopologyError } from '../../topology/index.ts'
import { CommandError } from './command.ts'
import { topologiesOf } from './pipelines.ts'

const topologies = async (file: string): Promise<readonly Topology[]> => {
  try {
    return await topologiesOf(file)
  } catch (error) {
    const isUsers = error instanceof CommandError || error instanceof TopologyError
    throw isUsers ? new CommandFailure(exitCodes.badInput, error.message) : error
  }
}

/** Schemas have subcommands and flags of their own: `franz schemas --help` tells them. */
export const schemasCommand = (args: readonly string[]): Promise<number> =>
  schemas(args, { ...processIo(), topologies })
