import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Program, runs } from './process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const message = {
  title: 'Export',
  description: 'The API export answers with an error 500, please help.',
  userName: 'Ada',
  timestamp: '2026-03-01T10:00:00Z',
}

interface Tickets {
  readonly total: number
  readonly tickets: readonly { readonly number: number; readonly contact: string; readonly category: string }[]
}

/** Ten times what `npm run bench -- start` expects of a machine that does nothing else. */
const firstStartMsMax = 600_000
const laterStartMsMax = 100_000

/** Asks the dashboard until it has so many tickets: its database takes seconds to be made on a busy machine. */
const ticketsAt = async (url: string, count: number): Promise<Tickets> => {
  for (;;) {
    const answer = await fetch(`${url}/api/tickets`)
    const tickets = answer.ok ? ((await answer.json()) as Tickets) : undefined
    if (tickets !== undefined && tickets.total >= count) return tickets
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

test('a newcomer clones, types npm start, files a ticket, sees it labelled in the table, stops, starts again and finds it there', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'franz-newcomer-')), 'franz')
  await runs('git', ['clone', '--quiet', root, folder], { cwd: tmpdir() })

  const start = () => new Program('npm', ['start', '--', '--port', '0', '--rate', '0'], { cwd: folder })
  const begunMs = performance.now()
  const first = start()
  const [, url] = await first.says(/dashboard +(http:\S+)/)
  expect((await fetch(url!)).status).toBe(200)
  expect(performance.now() - begunMs).toBeLessThan(firstStartMsMax)
  await first.says(/DISCORD_TOKEN/)
  // What npm thinks of packages of packages is no business of a newcomer.
  expect(first.output).not.toMatch(/npm warn|deprecated/i)
  const franz = (...args: string[]) => ['bin/franz.mjs', ...args, '--data', 'data']
  const input = JSON.stringify({ key: 'mine', value: message })
  await runs('node', franz('produce', 'apiMSG'), { cwd: folder, input })
  const tail = new Program('node', franz('tail', 'tickets-labeled', '--from', 'start'), { cwd: folder })
  await tail.says(/The API export answers with an error 500/)
  tail.signal('SIGTERM')
  const expected = { total: 1, tickets: [{ number: 1, contact: 'Ada', category: 'BACK' }] }
  expect(await ticketsAt(url!, 1)).toMatchObject(expected)
  first.signal('SIGINT')
  await first.says(/franz stopped/)
  await first.ended

  const againMs = performance.now()
  const second = start()
  const [, again] = await second.says(/dashboard +(http:\S+)/)
  expect((await fetch(again!)).status).toBe(200)
  expect(performance.now() - againMs).toBeLessThan(laterStartMsMax)
  expect(await ticketsAt(again!, 1)).toMatchObject(expected)
  second.signal('SIGINT')
  await second.ended
})
