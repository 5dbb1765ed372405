import type { Topology } from '../../topology/index.ts'
import { CommandFailure, type CommandIo, exitCodes } from './io.ts'

/** The topologies of pipeline files, which only a command that runs pipelines can load. */
export const topologiesOf = async (files: readonly string[], io: CommandIo): Promise<readonly Topology[]> => {
  if (files.length === 0) return []
  const { topologies } = io
  if (topologies === undefined) {
    throw new CommandFailure(exitCodes.usage, '--topology needs the whole command. To fix: call it as `franz schemas`.')
  }
  return (await Promise.all(files.map(file => topologies(file)))).flat()
}
