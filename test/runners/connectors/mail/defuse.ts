// Reads one bomb in a process of its own, so that the memory it takes can be measured: prints what came of it.

import { readMail } from '../../../../runners/connectors/mail/read.ts'
import { bombs } from './bombs.ts'

const defuse = async (name: string): Promise<void> => {
  // What is loaded and compiled at the first mail is not the bomb's.
  await readMail(Buffer.from('From: a@example.org\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n'))
  const mail = Buffer.from(bombs[name]![0]())
  const before = process.memoryUsage.rss()
  const start = performance.now()
  const cpu = process.cpuUsage()
  const { refused, message } = await readMail(mail)
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  const cpuMs = (user + system) / 1_000
  const addedBytes = process.resourceUsage().maxRSS * 1024 - before
  process.stdout.write(
    JSON.stringify({ refused: refused ?? null, message: message.slice(0, 1_000), ms, cpuMs, addedBytes }),
  )
}

await defuse(process.argv[2]!)
