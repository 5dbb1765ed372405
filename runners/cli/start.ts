import { madeUp } from '../../pipelines/demo/made-up.ts'
import demo, { tickets } from '../../pipelines/demo/tickets.ts'
import { plan } from '../../topology/plan/parts.ts'
import { partitionOf } from '../../topology/task/partitioner.ts'
import { EmbeddedLog } from '../embedded/log.ts'
import { partitionsDefault, run } from '../host/run.ts'
import { type Command, CommandError } from './command.ts'
import { logFlags } from './open-log.ts'
import { Figures } from './page/figures.ts'
import { servePage } from './page/server.ts'
import { untilSignal } from './signals.ts'

/** The demo makes at most so many tickets: a forgotten one must not fill the disk. */
const ticketsMax = 100_000

export const startCommand: Command = {
  usage: 'start [--port N] [--rate N] [--data DIR]',
  says: 'runs the demo pipeline on made-up tickets, with a page to watch it',
  flags: {
    data: logFlags.data!,
    port: { type: 'string', says: 'port of the page; 0 takes a free one', default: '8420' },
    rate: { type: 'string', says: 'tickets a second', default: '5' },
  },
  async run(call) {
    const rate = Number(call.flag('rate'))
    if (!(rate >= 0 && rate <= 1_000))
      throw new CommandError('usage', '--rate takes a number of tickets a second from 0 to 1000.')
    const log = EmbeddedLog.open(call.flag('data')!)
    try {
      await log.create([{ name: tickets.name, partitions: partitionsDefault, cleanup: 'delete' }])
      const page = await servePage(new Figures(plan(demo.graph), log), Number(call.flag('port')))
      try {
        await work(log, rate, page.url)
      } finally {
        await page.close()
      }
    } finally {
      await log.close()
    }
    console.log('franz stopped; the next start goes on here.')
  },
}

const work = async (log: EmbeddedLog, rate: number, url: string): Promise<void> => {
  const running = await run(demo, { log })
  const timer = rate === 0 ? undefined : setInterval(() => fileTicket(log), 1_000 / rate)
  console.log(
    `franz runs the demo on ${log.folder}, ${rate} made-up tickets a second. Ctrl-C stops it, and nothing is lost.`,
  )
  console.log(`  page        ${url}`)
  console.log(`  watch       npx franz tail demo-per-category --data ${log.folder}`)
  console.log(`  send one    echo '${example}' | npx franz produce demo-tickets --data ${log.folder}`)
  try {
    await Promise.race([untilSignal(), running.ended])
  } finally {
    clearInterval(timer)
    await running.stop()
  }
}

const example = JSON.stringify({
  key: 'mine',
  value: {
    id: 'mine',
    origin: 'API',
    category: 'Other',
    priority: 'High',
    subject: 'Hello',
    body: 'my very first ticket',
  },
})

const fileTicket = (log: EmbeddedLog): void => {
  const partitions = Array.from({ length: partitionsDefault }, (_, partition) => ({ topic: tickets.name, partition }))
  const filed = partitions.reduce((sum, partition) => sum + log.topics.end(partition), 0)
  if (filed >= ticketsMax) return
  const ticket = madeUp(filed + 1, Math.random)
  const key = Buffer.from(ticket.id)
  const value = Buffer.from(JSON.stringify(ticket))
  const to = { topic: tickets.name, partition: partitionOf(key, partitionsDefault) }
  log.append([{ to, records: [{ key, value, timestamp: Date.now(), headers: [] }] }])
}
