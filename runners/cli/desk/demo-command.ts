import { setTimeout as pause } from 'node:timers/promises'
import { desk } from '../../../pipelines/desk/desk.ts'
import { madeUp } from '../../../pipelines/desk/made-up.ts'
import { apiMessages, discordMessages, mailMessages } from '../../../schemas/desk/topics.ts'
import { plan } from '../../../topology/plan/parts.ts'
import { type Command, CommandError } from '../command.ts'
import { logFlags, openLog } from '../open-log.ts'
import { registryFlag, registryToRun } from '../open-registry.ts'
import { Progress } from '../progress.ts'
import { untilSignal } from '../signals.ts'
import { makeTopics } from './topics.ts'
import { TopicWriter } from './writer.ts'

const rateMax = 1_000
const countMax = 1_000_000

export const demoCommand: Command = {
  usage: 'demo [--rate N] [--count N]',
  says: 'files made-up tickets as Discord, mail and the API bring them, until Ctrl-C or until there are enough',
  examples: ['franz start', 'franz demo --rate 20 --count 200'],
  flags: {
    ...logFlags,
    ...registryFlag,
    rate: { type: 'string', says: 'tickets a second', default: '2', value: 'N' },
    count: { type: 'string', says: 'how many in all; else until Ctrl-C', value: 'N' },
  },
  async run(call) {
    if (call.arguments.length > 0)
      throw new CommandError('usage', `demo takes no argument: "${call.arguments.join(' ')}".`)
    const rate = call.number('rate', 1, rateMax)
    const count = call.flag('count') === undefined ? countMax : call.number('count', 1, countMax)
    const opened = await openLog(call, 'make')
    try {
      const topologies = desk()
      const registry = (await registryToRun(
        call,
        topologies.map(({ graph }) => plan(graph)),
      ))!
      try {
        await makeTopics(opened, topologies)
        const writer = new TopicWriter(opened.log, opened.operations, registry.registry)
        const done = await file(writer, rate, count)
        console.log(`${done} tickets were filed: in discordMSG, mailMSG and apiMSG by turns.`)
      } finally {
        await registry.close()
      }
    } finally {
      await opened.close()
    }
  },
}

const file = async (writer: TopicWriter, rate: number, count: number): Promise<number> => {
  const over = new AbortController()
  untilSignal().then(() => over.abort())
  const progress = new Progress('tickets', count === countMax ? undefined : count)
  const startedMs = performance.now()
  let done = 0
  while (done < count && !over.signal.aborted) {
    await fileOne(writer, done)
    progress.at(++done)
    const dueMs = startedMs + (done * 1_000) / rate
    await pause(Math.max(0, dueMs - performance.now()), undefined, { signal: over.signal }).catch(() => {})
  }
  progress.end()
  return done
}

/** Each origin in its turn, as its connector would write it. */
const fileOne = (writer: TopicWriter, turn: number): Promise<void> => {
  const { contact, subject, body } = madeUp(turn + 1, Math.random)
  const timestamp = new Date().toISOString()
  const id = `demo-${Date.now().toString(36)}-${turn}`
  if (turn % 3 === 0)
    return writer.append(discordMessages, id, { message: body, username: contact, timestamp, interactionId: id })
  const sender = `${contact}@example.org`
  if (turn % 3 === 1)
    return writer.append(mailMessages, id, {
      sender,
      subject,
      message: body,
      timestamp,
      messageId: `<${id}@example.org>`,
    })
  const title = subject === '' ? 'Help' : subject
  return writer.append(apiMessages, id, {
    title,
    description: body,
    userName: contact,
    userEmail: sender,
    timestamp,
    idempotencyKey: id,
  })
}
