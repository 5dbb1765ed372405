import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linesOf, newFolder } from './folder.ts'

const strict = `
import { json, text, topic, topology } from 'franz'
const numbers = topic('numbers', { key: text, value: json<{ n: number }>('N'), partitions: 1 })
const letters = topic('letters', { key: text, value: text, partitions: 1 })
const small = topic('small', { key: text, value: text, partitions: 1 })
export default topology('strict', { deadLetters: letters }, draft =>
  draft
    .stream(numbers)
    .map(({ n }) => { if (n > 3) throw new Error('too big'); return String(n) }, { as: text })
    .to(small))
`

test('dead letters are listed, shown, and sent back once; lag and reset say what they do', async () => {
  const { franz, start } = newFolder({ 'strict.ts': strict })
  const running = start('run strict.ts')
  await running.says(/strict runs on/)
  await franz('produce numbers', linesOf([1, 4, 5].map(n => ({ key: 'a', value: { n } }))))
  const settled = start('tail letters --from start')
  await settled.says(/0:1 /)
  settled.signal('SIGINT')
  expect((await franz('dlq')).says).toMatch(/letters {2}2 records.*\n {2}STEP_FAILED at map 1: too big/)
  const shown = await franz('dlq show letters --format json')
  expect(
    shown.says
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
  ).toMatchObject([
    { at: '0:0', origin: { topic: 'numbers', partition: 0, offset: 1 }, attempt: 0, key: 'a', value: '{"n":4}' },
    { at: '0:1', origin: { topic: 'numbers', partition: 0, offset: 2 } },
  ])
  expect((await franz('dlq redrive letters --dry-run')).says).toContain(
    'Would send back 2 to numbers. Nothing was changed.',
  )
  expect((await franz('dlq redrive letters')).says).toContain('Sent back 2 to numbers.')
  const again = start('tail letters --from start --format json')
  await again.says(/"offset":3/)
  again.signal('SIGINT')
  await again.ended
  // They failed again: the letters that came of it say that it was tried before.
  expect(again.output).toContain('"__franz.redrive.attempt":"1"')
  expect(JSON.parse((await franz('dlq redrive letters --at 0:0 --format json')).says)).toMatchObject({
    sent: [{ from: { topic: 'letters', partition: 0, offset: 0 }, to: { topic: 'numbers', partition: 0 }, attempt: 1 }],
  })
  expect(await franz('dlq redrive letters --at 0:99')).toMatchObject({
    code: 1,
    says: expect.stringContaining('there is no record at letters-0, offset 99'),
  })

  expect(await franz('reset strict.ts')).toMatchObject({
    code: 1,
    says: expect.stringContaining('strict already runs on'),
  })
  running.signal('SIGTERM')
  expect(await running.ended).toBe(0)
  expect((await franz('lag strict')).says).toMatch(/strict {2}numbers {2}nothing waits/)
  expect((await franz('reset strict.ts --dry-run')).says).toContain('6 records will be read again')
  expect((await franz('lag strict')).says).toContain('nothing waits')
  expect((await franz('reset strict.ts --format json')).says).toContain('"done":true')
  const anew = start('run strict.ts')
  const small = start('tail small --from start')
  await small.says(/0:1 .* 1\n/)
  small.signal('SIGINT')
  anew.signal('SIGTERM')
  expect(await anew.ended).toBe(0)
})

const shout = `
import { text, topic, topology } from 'franz'
const words = topic('words', { key: text, value: text })
const loud = topic('loud', { key: text, value: text })
export default topology('shout', draft => {
  draft.source('in', words).map(word => word.toUpperCase(), { as: text }).to(loud)
  draft.sink('out', loud)
})
`
const config = `
import { fileSink, fileSource } from 'franz/connectors/file'
import { defineConfig } from 'franz/host'
export default defineConfig({
  sources: { in: fileSource({ path: 'in.jsonl' }) },
  sinks: { out: fileSink({ path: 'out.jsonl' }) },
})
`

test('connectors are bound by franz.config.ts; figures, health and stores are served while it runs', async () => {
  const { folder, franz, start } = newFolder({ 'shout.ts': shout })
  const unbound = await franz('run shout.ts')
  expect(unbound).toMatchObject({
    code: 1,
    says: expect.stringContaining(
      'nothing is bound to its source "in", sink "out"; write `export default defineConfig(',
    ),
  })
  writeFileSync(join(folder, 'franz.config.ts'), config.replace('sinks:', 'sink:'))
  expect(await franz('run shout.ts')).toMatchObject({
    code: 3,
    says: expect.stringContaining('binds "sink". Did you mean "sinks"?'),
  })
  writeFileSync(join(folder, 'franz.config.ts'), config)
  writeFileSync(join(folder, 'in.jsonl'), linesOf([{ key: 'a', value: 'one' }]))

  const running = start('run shout.ts --metrics-port 0 --log-format json')
  const [, url] = await running.says(/figures at (http:\/\/127\.0\.0\.1:\d+)\/metrics/)
  const metric = async (name: string) => {
    const text = await (await fetch(`${url}/metrics`)).text()
    return Number(
      text
        .split('\n')
        .find(line => line.startsWith(name))
        ?.split(' ')
        .at(-1),
    )
  }
  while ((await metric('franz_sink_records_total')) !== 1) await new Promise(resolve => setTimeout(resolve, 20))
  expect((await fetch(`${url}/health`)).status).toBe(200)
  running.signal('SIGKILL')
  await running.ended
  appendFileSync(join(folder, 'in.jsonl'), linesOf([{ key: 'b', value: 'two' }]))
  const again = start('run shout.ts --only in --only shout.tasks')
  await again.says(/shout runs on/)
  const tail = start('tail loud --from start')
  await tail.says(/TWO/)
  tail.signal('SIGINT')
  expect(await franz('run shout.ts --only inn')).toMatchObject({
    code: 2,
    says: expect.stringContaining('Did you mean "in"?'),
  })
  // The sink alone, beside the process that has the rest.
  const sink = start('run shout.ts --only out')
  const written = () =>
    existsSync(join(folder, 'out.jsonl')) ? readFileSync(join(folder, 'out.jsonl'), 'utf8').trim().split('\n') : []
  while (written().length < 2) await new Promise(resolve => setTimeout(resolve, 20))
  for (const program of [sink, again]) program.signal('SIGTERM')
  expect([await sink.ended, await again.ended]).toEqual([0, 0])
  expect(written().map(line => (JSON.parse(line) as { value: string }).value)).toEqual(['ONE', 'TWO'])
})

const ages = `
import { text, topic, topology } from 'franz'
import { avro } from 'franz/schemas'
const person = avro<{ name: string; age: number }>({
  type: 'record', name: 'Person', fields: [{ name: 'name', type: 'string' }, { name: 'age', type: 'int' }],
})
export default topology('ages', draft =>
  draft.stream(topic('people', { key: text, value: person })).filter(({ age }) => age > 60).to(topic('old', { key: text, value: person })))
`

test('Avro goes in and comes out as JSON, by the registry that the data folder keeps', async () => {
  const { franz, start } = newFolder({ 'ages.ts': ages })
  const running = start('run ages.ts')
  const [, registry] = await running.says(/registry at (http:[^\s"]+)/)
  expect(await (await fetch(`${registry}/subjects`)).json()).toEqual(
    expect.arrayContaining(['people-value', 'old-value']),
  )
  const people = [
    { name: 'Ann', age: 70 },
    { name: 'Bob', age: 7 },
  ]
  expect(await franz('produce people', linesOf(people.map(value => ({ key: value.name, value }))))).toMatchObject({
    code: 0,
  })
  const wrong = await franz(
    'produce people',
    linesOf([
      { key: 'c', value: people[0] },
      { key: 'c', value: { name: 'Cy' } },
    ]),
  )
  expect(wrong).toMatchObject({
    code: 3,
    says: expect.stringMatching(/line 2: value of people, field age: .*Nothing was written/),
  })
  const old = start('tail old --from start --format json')
  await old.says(/Ann/)
  old.signal('SIGINT')
  await old.ended
  expect(JSON.parse(old.output)).toMatchObject({ key: 'Ann', value: '{"name":"Ann","age":70}' })
  running.signal('SIGTERM')
  expect(await running.ended).toBe(0)
})

const leaky = `
import { text, topic, topology } from 'franz'
export default topology('leaky', draft =>
  draft.source('in', topic('words', { key: text, value: text })).discard())
`
const leakyConfig = `
export default { sources: { in: { open: async feed => {
  feed.note('info', 'logging in with ' + process.env.IMAP_PASSWORD, { url: process.env.DATABASE_URL })
  throw new Error('refused: ' + process.env.IMAP_PASSWORD)
} } } }
`

test('secrets of the environment are in no line that the command says', async () => {
  const { franz, start, folder } = newFolder({ 'leaky.ts': leaky, 'franz.config.ts': leakyConfig })
  const secrets = { IMAP_PASSWORD: 'canary-imap-4711', DATABASE_URL: 'postgres://desk:canary-db-4711@h/d' }
  for (const format of ['text', 'json']) {
    const running = start(`run leaky.ts --log-format ${format}`, undefined, secrets)
    await running.says(/refused: /)
    running.signal('SIGTERM')
    expect(await running.ended).toBe(0)
    expect(running.output).toContain('[redacted]')
    expect(running.output).not.toMatch(/canary/)
  }
  writeFileSync(join(folder, 'leaky.ts'), "throw new Error('no ' + process.env.IMAP_PASSWORD)\n")
  const broken = await franz('run leaky.ts', undefined, secrets)
  expect(broken.says).toContain('no [redacted]')
})

test('doctor says what is there and what is not, with exit codes for programs', async () => {
  const { franz } = newFolder()
  const well = await franz('doctor --format json')
  expect(well.code).toBe(0)
  expect(JSON.parse(well.says)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ about: 'node', state: 'good' }),
      expect.objectContaining({ about: 'data folder', state: 'absent' }),
    ]),
  )
  const away = await franz('doctor --registry http://127.0.0.1:9 --brokers 127.0.0.1:9')
  expect(away.code).toBe(4)
  expect(away.says).toMatch(/UNREACHABLE {2}registry: /)
  expect(away.says).toMatch(/UNREACHABLE {2}Kafka at 127\.0\.0\.1:9: /)
})

test('doctor reads a data folder through and finds what is not as it was written', async () => {
  const { folder, franz } = newFolder()
  await franz('topics create mine')
  await franz('produce mine', linesOf(Array.from({ length: 100 }, () => ({ value: 'as it was written' }))))
  expect(await franz('doctor --read')).toMatchObject({
    code: 0,
    says: expect.stringContaining('all of it is as it was written'),
  })
  const file = join(folder, 'data/log/data.mdb')
  const bytes = readFileSync(file)
  bytes[bytes.lastIndexOf('as it was written')]! ^= 1
  writeFileSync(file, bytes)
  expect((await franz('doctor')).code).toBe(0)
  expect(await franz('doctor --read')).toMatchObject({
    code: 1,
    says: expect.stringMatching(
      /WRONG +data folder: .* is damaged: in mine-\d the batch at offset 0 has not the check sum/,
    ),
  })
})

test('topics are made, described and refused by their own limits', async () => {
  const { franz } = newFolder()
  expect((await franz('topics create mine --partitions 3 --retention 24')).says).toMatch(
    /mine {2}3 partitions {2}0 records\n[\s\S]*kept +24 h/,
  )
  await franz('produce mine', linesOf([{ value: 'a' }, { value: 'b' }]))
  const described = JSON.parse((await franz('topics describe mine --format json')).says)
  expect(described).toMatchObject({ name: 'mine', partitions: 3, records: 2, retentionMs: 86_400_000 })
  expect(await franz('topics create mine')).toMatchObject({ code: 1, says: expect.stringContaining('already') })
  expect(await franz('topics create a/b')).toMatchObject({ code: 2 })
  expect(await franz('topics create more --partitions 0')).toMatchObject({
    code: 2,
    says: expect.stringContaining('--partitions takes a whole number from 1 to 1000, not "0".'),
  })
})
