import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { etikett } from '../../../../pipelines/desk/etikett.ts'
import { profileDefault } from '../../../../pipelines/desk/taxonomy/profiles.ts'
import { fieldNames, unlabelled } from '../../../../pipelines/desk/taxonomy/taxonomy.ts'
import { modelLabeller } from '../../../../runners/cli/desk/labeller.ts'
import { TopicWriter } from '../../../../runners/cli/desk/writer.ts'
import { openFolder } from '../../../../runners/cli/open-log.ts'
import { ollamaModel } from '../../../../runners/connectors/models/index.ts'
import { run } from '../../../../runners/host/index.ts'
import { readTopic } from '../../../../runners/host/sink/read.ts'
import type { LabeledTicket } from '../../../../schemas/desk/generated/desk.ts'
import { ticketsFormatted, ticketsLabeled } from '../../../../schemas/desk/topics.ts'
import { dataRegistry, uuidOf } from '../../../../schemas/index.ts'
import { ollamaAnswer, startModel } from '../../../doubles/model.ts'
import { hell, limits, right } from './hell.ts'

const moods = Object.keys(hell)
const eachMood = 2
const inFlightMax = 8
/** Two attempts at a ticket, and in each a wrong answer is told to the model once. */
const requestsOfTicketMax = 4

/** A model that behaves as the ticket says, and counts how many it answers at once. */
const startHell = async () => {
  let [now, most] = [0, 0]
  const double = await startModel((request, response) => {
    most = Math.max(most, ++now)
    response.on('close', () => now--)
    const text = JSON.stringify(request.body.messages)
    const mood = moods.find(each => text.includes(`(${each})`))
    return mood === undefined ? ollamaAnswer(response, JSON.stringify(right)) : hell[mood]![0](request, response)
  })
  onTestFinished(() => double.stop())
  return { double, most: () => most }
}

test('the desk goes on with a model from hell: every ticket gets labels of the taxonomy, in a budget of questions, and how long they took is shown', async () => {
  const { double, most } = await startHell()
  const data = mkdtempSync(join(tmpdir(), 'franz-hell-'))
  const opened = await openFolder(data)
  const { registry, close } = await dataRegistry(data)
  const label = modelLabeller(ollamaModel({ url: double.url, model: 'm', limits }), profileDefault)
  const running = await run(etikett(profileDefault), { log: opened.log, registry, calls: { label }, partitions: 2 })
  onTestFinished(async () => {
    await running.stop()
    await close()
    await opened.close()
  })
  const writer = new TopicWriter(opened.log, opened.operations, registry)
  const file = (name: string, at: number) => {
    const body = `The export of ${name} ${at} answers 500 (${name})`
    const id = uuidOf(body)
    const ticket = {
      id,
      number: 1n,
      contact: 'ada',
      origin: 'Discord',
      subject: '',
      body,
      date: 0,
      updatedAt: 0,
    } as const
    return writer.append(ticketsFormatted, id, ticket)
  }
  const labelled = async (): Promise<LabeledTicket[]> => {
    const found: LabeledTicket[] = []
    for await (const { value } of readTopic({ log: opened.log, registry }, 'test', ticketsLabeled))
      if (value !== null) found.push(value)
    return found
  }
  const until = async (count: number) => {
    while ((await labelled()).length < count) await new Promise(resolve => setTimeout(resolve, 50))
  }

  // A good model first; then every mood of a bad one.
  await file('good', 0)
  await until(1)
  for (let at = 0; at < eachMood; at++) for (const mood of moods) await file(mood, at)
  await until(1 + moods.length * eachMood)

  const all = await labelled()
  expect(all).toHaveLength(1 + moods.length * eachMood)
  for (const ticket of all) {
    const isGood = ticket.body.includes('(good)')
    expect([ticket.body, ticket.labelSource]).toEqual([ticket.body, isGood ? 'Model' : 'Keywords'])
    if (!isGood) expect(ticket.reviewReason).toMatch(/the model gave no label/)
    for (const field of fieldNames)
      expect([...profileDefault[field].values.map(({ name }) => name), unlabelled]).toContain(ticket[field])
  }
  expect(double.requests.length).toBeLessThanOrEqual(1 + moods.length * eachMood * requestsOfTicketMax)
  expect(most()).toBeLessThanOrEqual(inFlightMax)
  const took = running.watch.figures.callTimes.get('label')!
  expect(took.count).toBeGreaterThan(moods.length / 2)
  expect(took.sum).toBeGreaterThan(0)
})
