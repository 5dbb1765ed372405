import { expect, onTestFinished, test } from 'vitest'
import apiAufbereitung from '../../../../pipelines/desk/api-aufbereitung.ts'
import discordAufbereitung from '../../../../pipelines/desk/discord-aufbereitung.ts'
import etikett from '../../../../pipelines/desk/etikett.ts'
import mailAufbereitung from '../../../../pipelines/desk/mail-aufbereitung.ts'
import nummernausgabe from '../../../../pipelines/desk/nummernausgabe.ts'
import { profileDefault } from '../../../../pipelines/desk/taxonomy/profiles.ts'
import { keywordLabeller } from '../../../../runners/cli/desk/labeller.ts'
import { DeskDeadLetters } from '../../../../runners/cli/desk/ports/dead-letters.ts'
import { openFolder } from '../../../../runners/cli/open-log.ts'
import { run } from '../../../../runners/host/index.ts'
import { dataRegistry } from '../../../../schemas/index.ts'
import { api, bad, discord, json, mail } from '../../../pipelines/desk/bad-input.ts'
import { newFolder } from '../folder.ts'

const good = { discordMSG: discord, mailMSG: mail, apiMSG: api } as const
const short = json({ ...discord, message: 'help!' })
const partitions = 2

/** The services between what comes in and its labels, at work on a folder. */
const startServices = async (data: string) => {
  const opened = await openFolder(data)
  const { registry, close } = await dataRegistry(data)
  const services = [etikett, nummernausgabe, discordAufbereitung, mailAufbereitung, apiAufbereitung]
  const calls = { label: keywordLabeller(profileDefault) }
  const running = await Promise.all(
    services.map(each => run(each, { log: opened.log, registry, calls, only: ['tasks'], partitions })),
  )
  onTestFinished(async () => {
    for (const each of running) await each.stop()
    await close()
    await opened.close()
  })
  const sizeOf = async (topic: string): Promise<number> => {
    let size = 0
    for (let partition = 0; partition < ((await opened.log.topic(topic))?.partitions ?? 0); partition++)
      size += (await opened.log.ends({ topic, partition })).next
    return size
  }
  return { opened, registry, sizeOf }
}

interface Shown {
  readonly at: string
  readonly key: string
  readonly message: string
  readonly origin: { readonly topic: string }
  readonly attempt: number
}

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 20))
}

test('whatever is no ticket is in its topic of dead letters once, is read there by a command, and goes on once it is corrected', async () => {
  const { franz, folder } = newFolder({})
  const data = `${folder}/data`
  const { opened, registry, sizeOf } = await startServices(data)
  for (const [at, [, topic, value]] of [...bad, ['short', 'discordMSG', short] as const].entries()) {
    const record = { key: Buffer.from(`key ${at}`), value, timestamp: Date.now(), headers: [] }
    await opened.operations.append([{ topic, partition: at % partitions, records: [record] }])
  }
  await until(
    async () => (await sizeOf('tickets-formatted-dlq')) >= bad.length && (await sizeOf('tickets-labeled')) >= 1,
  )

  const shown = async (topic: string) => {
    const { says } = await franz(`dlq show ${topic} --data ${data} --limit 100 --format json`)
    return says
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Shown)
  }
  const letters = await shown('tickets-formatted-dlq')
  expect(letters).toHaveLength(bad.length)
  for (const [at, [what, topic, , reason]] of bad.entries()) {
    const own = letters.filter(({ key }) => key === `key ${at}`)
    expect([what, own.length, own[0]?.origin.topic]).toEqual([what, 1, topic])
    expect(own[0]!.message).toMatch(reason)
  }
  expect((await franz(`dlq show tickets-labeled-dlq --data ${data}`)).says).toMatch(/shorter than 10 characters/)
  expect(await sizeOf('tickets-labeled-dlq')).toBe(1)
  expect(await sizeOf('errors')).toBe(bad.length + 1)

  // Each as its program should have written it; the short one with what its writer meant.
  const desk = new DeskDeadLetters(opened, registry)
  for (const { id, topic, format, origin, value } of await desk.list({ limit: 100 })) {
    if (topic === 'tickets-labeled-dlq') {
      await desk.redrive(id, value!.replace('help!', 'help, the printer is on fire!'))
      continue
    }
    const right = json({
      ...good[origin!.topic as keyof typeof good],
      message: id,
      description: id,
      idempotencyKey: id,
    })
    await desk.redrive(id, right.toString(format === 'base64' ? 'base64' : 'utf8'))
  }
  // Of the short one there are two: for people, unlabelled, and as it was meant.
  await until(async () => (await sizeOf('tickets-labeled')) >= bad.length + 2)
  expect(await sizeOf('tickets-labeled')).toBe(bad.length + 2)
  expect(await sizeOf('tickets-formatted-dlq')).toBe(bad.length)
  expect(await sizeOf('tickets-labeled-dlq')).toBe(1)

  // As it was it is no better the second time, and says that it was sent back.
  const { says } = await franz(`dlq redrive tickets-formatted-dlq --at 0:0 --data ${data}`)
  expect(says).toMatch(/^Sent back 1 to (discordMSG|mailMSG|apiMSG)\.$/m)
  await until(async () => (await sizeOf('tickets-formatted-dlq')) > bad.length)
  const again = (await shown('tickets-formatted-dlq')).filter(({ attempt }) => attempt === 1)
  expect(again.map(({ key }) => key)).toEqual([letters.find(({ at }) => at === '0:0')!.key])
})
