// Reads one bomb, or every mail of the corpus, in a process of its own, so that the memory it takes can be measured: prints
// what came of it, of the corpus the worst.

import { readdirSync, readFileSync } from 'node:fs'
import { readMail } from '../../../../runners/connectors/mail/read.ts'
import { bombs } from './bombs.ts'

const defuse = async (name: string): Promise<void> => {
  // What is loaded and compiled at the first mail is not the bomb's.
  await readMail(Buffer.from('From: a@example.org\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n'))
  if (name === 'corpus') return readCorpus()
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

const readCorpus = async (): Promise<void> => {
  const folder = new URL('corpus/', import.meta.url)
  const before = process.memoryUsage.rss()
  let cpuMs = 0
  let mails = 0
  for (const name of readdirSync(folder).filter(each => each.endsWith('.eml'))) {
    const cpu = process.cpuUsage()
    await readMail(readFileSync(new URL(name, folder)))
    const { user, system } = process.cpuUsage(cpu)
    cpuMs = Math.max(cpuMs, (user + system) / 1_000)
    mails++
  }
  const addedBytes = process.resourceUsage().maxRSS * 1024 - before
  process.stdout.write(JSON.stringify({ mails, cpuMs, addedBytes }))
}

await defuse(process.argv[2]!)
