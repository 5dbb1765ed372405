import { EmbeddedLog } from '../embedded/log.ts'
import { run } from '../host/run.ts'
import type { Command } from './command.ts'
import { logFlags } from './open-log.ts'
import { onlyArgument, topologiesOf } from './pipelines.ts'
import { untilSignal } from './signals.ts'

export const runCommand: Command = {
  usage: 'run FILE [--data DIR]',
  says: 'runs the pipeline of a file on this machine until Ctrl-C',
  flags: {
    ...logFlags,
    'commit-interval': { type: 'string', says: 'milliseconds between two commits at most', default: '100' },
  },
  async run(call) {
    const file = onlyArgument(call, 'the pipeline file')
    const topologies = await topologiesOf(file)
    const log = EmbeddedLog.open(call.flag('data')!)
    const commitIntervalMs = Number(call.flag('commit-interval'))
    const running = await Promise.all(topologies.map(topology => run(topology, { log, commitIntervalMs })))
    for (const { name } of running) console.error(`${name} runs on ${log.folder}. Ctrl-C stops it.`)
    try {
      await Promise.race([untilSignal(), ...running.map(({ ended }) => ended)])
    } finally {
      await Promise.allSettled(running.map(one => one.stop()))
      await log.close()
    }
  },
}
