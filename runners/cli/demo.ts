import { tickets } from '../../pipelines/demo/tickets.ts'
import { type Command, CommandError } from './command.ts'
import { fileTickets } from './made-up-tickets.ts'
import { logFlags, openLog } from './open-log.ts'
import { Progress } from './progress.ts'
import { untilSignal } from './signals.ts'

const rateMax = 10_000
const countMax = 10_000_000

export const demoCommand: Command = {
  usage: 'demo [--rate N] [--count N]',
  says: 'files made-up tickets for the pipeline `demo`, until Ctrl-C or until there are enough',
  examples: ['franz run demo', 'franz demo --rate 100 --count 1000'],
  flags: {
    ...logFlags,
    rate: { type: 'string', says: 'tickets a second', default: '5', value: 'N' },
    count: { type: 'string', says: 'how many in all; else until Ctrl-C', value: 'N' },
    format: { type: 'string', says: 'text or json', default: 'text' },
  },
  async run(call) {
    if (call.arguments.length > 0)
      throw new CommandError('usage', `demo takes no argument: "${call.arguments.join(' ')}".`)
    const json = call.choice('format', ['text', 'json']) === 'json'
    const rate = call.number('rate', 1, rateMax)
    const count = call.flag('count') === undefined ? countMax : call.number('count', 1, countMax)
    const opened = await openLog(call, 'make')
    let stopped = false
    untilSignal().then(() => {
      stopped = true
    })
    try {
      await opened.log.create([{ name: tickets.name, partitions: opened.partitionsDefault ?? 4, cleanup: 'delete' }])
      const topic = (await opened.log.topic(tickets.name))!
      let before = 0
      for (let partition = 0; partition < topic.partitions; partition++)
        before += (await opened.log.ends({ topic: tickets.name, partition })).next
      const progress = new Progress('tickets', call.flag('count') === undefined ? undefined : count)
      const filed = (done: number) => progress.at(done)
      const done = await fileTickets(opened, tickets.name, {
        rate,
        most: before + count,
        stopped: () => stopped,
        filed,
      })
      progress.end()
      console.log(
        json ? JSON.stringify({ topic: tickets.name, records: done }) : `${done} tickets filed in ${tickets.name}.`,
      )
    } finally {
      await opened.close()
    }
  },
}
