import { expect, onTestFinished, test } from 'vitest'
import {
  absturzSink,
  type ErrorReport,
  signatureOf,
  signedWebhookSink,
} from '../../../../runners/connectors/webhook/index.ts'
import { colourOf } from '../../../../runners/connectors/webhook/report.ts'
import type { Outgoing, SinkContext } from '../../../../topology/index.ts'
import { startWebhook, type WebhookDouble } from '../../../doubles/webhook.ts'

const started = async (): Promise<WebhookDouble> => {
  const double = await startWebhook()
  onTestFinished(() => double.stop())
  return double
}

const contextOf = (told: string[] = []): SinkContext => ({
  ...{ topology: 'absturz', name: 'absturz-webhook', logId: 'log-1' },
  signal: new AbortController().signal,
  note: (level, message) => void told.push(`${level}: ${message}`),
  async *read() {},
})

const recordOf = <V>(value: V, offset = 0): Outgoing<string, V> => ({
  ...{ topic: 'errors', partition: 0, offset, timestamp: 5, headers: [], key: 'k', value },
})

const report: ErrorReport = {
  ...{ service: 'Etikett', topic: 'tickets-formatted', source: { partition: 1, offset: 42n }, timestamp: 0 },
  ...{ deadLetterTopic: 'tickets-labeled-dlq', message: 'the body is too short', content: '{"body":"x"}' },
}

const embedsIn = ({ text }: { text: string }) =>
  (JSON.parse(text) as { embeds: { title: string; color: number; fields: { name: string; value: string }[] }[] }).embeds

test('a failure is told as a rich embed: its topic in the title and as its colour, its content pretty and cut', async () => {
  const double = await started()
  const sink = await absturzSink({ url: double.url, pauseMs: 1 }).open(contextOf())
  const content = JSON.stringify({ body: 'x'.repeat(3_000) })
  await sink.deliver([recordOf({ ...report, content, message: 'hey @everyone ``` end' })])
  const [embed] = embedsIn(double.requests[0]!)
  expect(embed).toMatchObject({ title: 'Processing Failed - tickets-formatted', color: colourOf('tickets-formatted') })
  const fields = Object.fromEntries(embed!.fields.map(({ name, value }) => [name, value]))
  expect(fields).toMatchObject({
    Service: 'Etikett',
    'Source topic': '`tickets-formatted`',
    Record: 'partition 1, offset 42',
    'To do': expect.stringContaining('npx franz dlq list tickets-labeled-dlq'),
  })
  expect(fields.Error!.match(/```/g)).toHaveLength(2)
  expect(fields.Content).toMatch(/^```json\n\{\n {2}"body": "x+…\n```$/)
  expect(Math.max(...embed!.fields.map(({ value }) => value.length))).toBe(1_024)
  expect(JSON.parse(double.requests[0]!.text).allowed_mentions).toEqual({ parse: [] })
})

test('an outage makes one message that says how often, not five hundred', async () => {
  const double = await started()
  const sink = await absturzSink({ url: double.url, pauseMs: 1 }).open(contextOf())
  const batch = Array.from({ length: 500 }, (_, at) =>
    recordOf(
      {
        ...report,
        message: `attempt ${at} failed`,
        topic: at < 460 ? 'a' : `topic-${'abcdefghijklmnopqrst'[at % 20]}`,
      },
      at,
    ),
  )
  await sink.deliver(batch)
  expect(double.requests).toHaveLength(1)
  const embeds = embedsIn(double.requests[0]!)
  expect(embeds[0]!.title).toBe('Processing Failed - a (460 times)')
  expect(embeds.length).toBeLessThanOrEqual(10)
  expect(embeds.at(-1)!.title).toMatch(/^\d+ more, of \d+ other kinds$/)
  const letters = embeds.reduce(
    (sum, { title, fields }) =>
      sum + title.length + fields.reduce((all, { name, value }) => all + name.length + value.length, 0),
    0,
  )
  expect(letters).toBeLessThanOrEqual(6_000)
})

test('between two messages lies a pause', async () => {
  const double = await started()
  const sink = await absturzSink({ url: double.url, pauseMs: 300 }).open(contextOf())
  await sink.deliver([recordOf(report)])
  const startMs = performance.now()
  await sink.deliver([recordOf(report)])
  expect(performance.now() - startMs).toBeGreaterThan(250)
  expect(double.requests).toHaveLength(2)
})

test('a webhook that says "later" is asked again, and one that refuses is told and passed over, its address unsaid', async () => {
  const double = await started()
  const told: string[] = []
  const sink = await absturzSink({ url: double.url, pauseMs: 1 }).open(contextOf(told))
  double.answer = (_, response) =>
    void (
      double.requests.length < 2 ? response.writeHead(429, { 'retry-after': '0.01' }) : response.writeHead(204)
    ).end()
  await sink.deliver([recordOf(report)])
  expect([double.requests.length, told]).toEqual([2, []])
  double.answer = (_, response) => void response.writeHead(401).end('Invalid Webhook Token')
  await sink.deliver([recordOf(report)])
  expect(told).toEqual([
    "error: Discord's webhook did not take 1 reports: it answers 401: Invalid Webhook Token. They stay in the topic.",
  ])
  expect(told.join()).not.toContain('secret-token')
})

test('a signed webhook can be checked by whoever shares the secret, and names each record for ever', async () => {
  const double = await started()
  const sink = await signedWebhookSink({ url: double.url, secret: 'shared' }).open(contextOf())
  await sink.deliver([recordOf({ number: 7n, body: 'help' })])
  const [{ headers, text }] = double.requests as [WebhookDouble['requests'][number]]
  expect(JSON.parse(text)).toEqual({ topic: 'errors', timestamp: 5, key: 'k', value: { number: 7, body: 'help' } })
  expect(headers['x-franz-id']).toBe('log-1/errors/0/0')
  expect(headers['x-franz-signature']).toBe(signatureOf('shared', String(headers['x-franz-timestamp']), text))
  expect(signatureOf('other', String(headers['x-franz-timestamp']), text)).not.toBe(headers['x-franz-signature'])
})

test('a receiver that is away holds the records back, in their order, and one that refuses a record makes a dead letter', async () => {
  const double = await started()
  const sink = await signedWebhookSink({ url: double.url, secret: 's' }).open(contextOf())
  const batch = [recordOf('one', 1), recordOf('two', 2), recordOf('three', 3)]
  double.answer = ({ text }, response) => {
    response.writeHead(text.includes('two') ? 503 : text.includes('one') ? 400 : 204).end()
  }
  await expect(sink.deliver(batch)).rejects.toThrow('does not take it now: it answers 503')
  double.answer = ({ text }, response) => void response.writeHead(text.includes('two') ? 422 : 204).end()
  const delivery = await sink.deliver(batch)
  expect(delivery!.refused!.map(({ record, reason }) => [record.offset, reason])).toEqual([
    [1, 'the webhook refuses it: it answers 400'],
    [2, 'the webhook refuses it: it answers 422'],
  ])
  expect(double.requests.map(({ text }) => JSON.parse(text).value)).toEqual(['one', 'two', 'two', 'three'])
})

test('a redirect is not followed: it could lead into the network behind', async () => {
  const double = await started()
  const sink = await signedWebhookSink({ url: double.url, secret: 's' }).open(contextOf())
  double.answer = (_, response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()
  await expect(sink.deliver([recordOf('one')])).rejects.toThrow('does not take it now')
  expect(double.requests).toHaveLength(1)
})

test('a record that is no report, as of a topic of dead letters, is told as it is', async () => {
  const double = await started()
  const sink = await absturzSink({ url: double.url, pauseMs: 1 }).open(contextOf())
  await sink.deliver([{ ...recordOf('{"message":', 7), topic: 'mailMSG-dlq' }])
  const [embed] = embedsIn(double.requests[0]!)
  const fields = Object.fromEntries(embed!.fields.map(({ name, value }) => [name, value]))
  expect(embed!.title).toBe('Processing Failed - mailMSG-dlq')
  expect(fields).toMatchObject({ Record: 'partition 0, offset 7', Content: expect.stringContaining('{"message":') })
})
