import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import avsc from 'avsc'
import { describe, expect, test } from 'vitest'
import deskServices from '../../../pipelines/desk/desk.ts'
import { parseAll } from '../../../schemas/avro/parse.ts'
import { isNamed, namedTypes } from '../../../schemas/avro/schema.ts'
import { schemaText } from '../../../schemas/avro/write.ts'
import { avro } from '../../../schemas/codec/avro.ts'
import { exitCodes } from '../../../schemas/commands/io.ts'
import { reviewCommand } from '../../../schemas/commands/review.ts'
import { readState, subjectsOf } from '../../../schemas/review/base/state.ts'
import { emptyDeployment, topicOf } from '../../../schemas/review/deployment.ts'
import type { Report } from '../../../schemas/review/report.ts'
import { review } from '../../../schemas/review/review.ts'
import { sampleOf } from '../../../schemas/review/sample.ts'
import { StubRegistry } from '../codec/ticket.ts'
import { Folder, ran } from '../commands/ran.ts'

const folder = 'schemas/desk'
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.avsc'))
  .sort()
  .map(name => ({ file: `${folder}/${name}`, text: readFileSync(`${folder}/${name}`, 'utf8') }))
const state = readState(files, 'strict')
const subjects = subjectsOf(state, emptyDeployment)

test('there is a schema for each topic of the desk, and every one is valid', () => {
  expect(state.errors).toEqual([])
  const topics = [
    'apiMSG',
    'discord-channels',
    'discordMSG',
    'errors',
    'mailMSG',
    'ticket-counts',
    'ticket-events',
    'tickets-formatted',
    'tickets-labeled',
  ]
  expect([...subjects.keys()].map(subject => topicOf(subject, emptyDeployment).topic).sort()).toEqual(topics)
})

test('every type, field and symbol list says what it means', () => {
  const silent: string[] = []
  for (const [name, type] of parseAll(files).named) {
    if (!type.doc?.endsWith('.')) silent.push(name)
    for (const field of type.type === 'record' ? type.fields : [])
      if (!field.doc?.endsWith('.')) silent.push(`${name}.${field.name}`)
  }
  expect(silent).toEqual([])
})

describe('every subject', () => {
  test.each([...subjects])(
    '%s is read by any Avro library, and by our codec as it was written',
    async (subject, { schema }) => {
      expect(() => avsc.Type.forSchema(JSON.parse(schemaText(schema)))).not.toThrow()
      const { topic, part } = topicOf(subject, emptyDeployment)
      const codec = await avro<unknown>(schemaText(schema)).open({ topic, part }, new StubRegistry())
      const value = sampleOf(schema)
      expect(codec.decode(codec.encode(value))).toEqual(value)
    },
  )
})

describe('raw topics take what the seeds send', () => {
  const required = (topic: string) => {
    const { schema } = subjects.get(`${topic}-value`)!
    if (schema.type !== 'record') throw new Error('no record')
    return schema.fields.filter(field => field.default === undefined).map(({ name }) => name)
  }
  test.each([
    ['discordMSG', ['message', 'username', 'timestamp']],
    ['mailMSG', ['sender', 'subject', 'message', 'timestamp']],
  ])('%s', (topic, fields) => expect(required(topic)).toEqual(fields))
})

test('another origin may join without breaking a reader', () => {
  const wider = files.map(({ file, text }) => ({ file, text: text.replace('"Demo"]', '"Demo", "Webhook"]') }))
  const next = subjectsOf(readState(wider, 'strict'), emptyDeployment)
  const report = review({
    against: 'today',
    mode: 'FULL',
    subjects: [...next].map(([subject, { file, schema }]) => ({
      ...{ subject, file, schema },
      versions: [{ label: 'today', schema: subjects.get(subject)!.schema }],
    })),
  })
  expect(report.counts.error).toBe(0)
  expect(report.findings.map(({ code }) => code)).toContain('AV303')
})

test('events are named records, all of a ticket', () => {
  const { schema } = subjects.get('ticket-events-value')!
  const branches = schema.type === 'union' ? schema.branches : []
  expect(branches.length).toBeGreaterThanOrEqual(4)
  for (const branch of branches) {
    const fields = branch.type === 'record' ? branch.fields.slice(0, 2).map(({ name }) => name) : []
    expect([isNamed(branch), fields]).toEqual([true, ['ticketId', 'at']])
  }
  expect(namedTypes(schema).has('desk.TicketCreated')).toBe(true)
})

/** The services of the desk as they are declared today. */
const services = { topologies: async () => deskServices }
const reviewing = [folder, '--mode', 'BACKWARD_TRANSITIVE', '--topology', 'pipelines/desk/desk.ts']

test('no schema differs from the main branch in a way that breaks', async () => {
  const reviewed = await ran(reviewCommand, reviewing, services)
  // Without a repository there is nothing to compare with but the files themselves.
  const { code, out } =
    reviewed.code === exitCodes.unreachable
      ? await ran(reviewCommand, [...reviewing, '--against', folder], services)
      : reviewed
  expect([code, out]).toEqual([exitCodes.done, out])
})

test('a change that breaks is said to break the services, stores and connectors that it breaks', async () => {
  const before = new Folder()
  for (const { file, text } of files)
    before.write(file, text.replace('{ "name": "contact", "type": "string",', '{ "name": "contact", "type": "int",'))
  const against = ['--against', join(before.path, folder), '--format', 'json']
  const { code, out } = await ran(reviewCommand, [...reviewing, ...against], services)
  const { findings } = JSON.parse(out) as Report
  const hit = findings
    .filter(({ path }) => path === 'contact')
    .flatMap(({ affected }) => affected.map(each => each.service))
  expect(code).toBe(exitCodes.failed)
  expect(hit).toEqual(
    expect.arrayContaining(['etikett', 'kennzahlen', 'akte', 'postgres-exportdienst.postgres', 'etikett/label']),
  )
  before.end()
})
