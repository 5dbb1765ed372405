import demo, { tickets } from '../../pipelines/demo/tickets.ts'
import { openSession, partitionsDefault } from '../host/index.ts'
import { type Command, CommandError } from './command.ts'
import { logsFlags, openLogs } from './logs.ts'
import { fileTickets } from './made-up-tickets.ts'
import { logFlags, type OpenedLog, openFolder } from './open-log.ts'
import { pageRoutes } from './page/routes.ts'
import { untilStopped } from './run.ts'

/** The demo makes at most so many tickets: a forgotten one must not fill the disk. */
const ticketsMax = 100_000
const portMax = 65_535
const rateMax = 1_000

export const startCommand: Command = {
  usage: 'start [--port N] [--rate N] [--data DIR]',
  says: 'runs the demo pipeline on made-up tickets, with a page to watch it',
  flags: {
    data: logFlags.data!,
    ...logsFlags,
    port: { type: 'string', says: 'port of the page; 0 takes a free one', default: '8420', value: 'PORT' },
    rate: { type: 'string', says: 'tickets a second', default: '5', value: 'N' },
  },
  async run(call) {
    const rate = Number(call.flag('rate'))
    if (!(rate >= 0 && rate <= rateMax))
      throw new CommandError('usage', `--rate takes a number of tickets a second from 0 to ${rateMax}.`)
    const port = call.number('port', 0, portMax)
    const logs = openLogs(call)
    const opened = await openFolder(call.flag('data')!)
    try {
      await opened.log.create([{ name: tickets.name, partitions: partitionsDefault, cleanup: 'delete' }])
      const session = await openSession({
        log: opened.log,
        topologies: [demo],
        observer: topology => logs.observer(topology),
        http: { port, flag: '--port', routes: pageRoutes },
      })
      tell(opened, rate, session.url!)
      let stopped = false
      const filing =
        rate === 0 ? undefined : fileTickets(opened, tickets.name, { rate, most: ticketsMax, stopped: () => stopped })
      try {
        await untilStopped(session)
      } finally {
        stopped = true
        await filing
      }
    } finally {
      await opened.close()
    }
    console.log('franz stopped; the next start goes on here.')
  },
}

const tell = ({ where, flags }: OpenedLog, rate: number, url: string): void => {
  console.log(
    `franz runs the demo on ${where}, ${rate} made-up tickets a second. Ctrl-C stops it, and nothing is lost.`,
  )
  console.log(`  page        ${url}`)
  console.log(`  figures     ${url}/metrics`)
  console.log(`  watch       npx franz tail demo-per-category ${flags}`)
  console.log(`  send one    echo '${example}' | npx franz produce demo-tickets ${flags}`)
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
