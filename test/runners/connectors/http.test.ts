import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { type HttpSourceOptions, httpSource } from '../../../runners/connectors/http/index.ts'
import type { Feed } from '../../../topology/index.ts'
import { text, topic, topology, whole } from '../../../topology/index.ts'
import { sourceContract } from '../../../topology/testing.ts'
import { openLog, started, textsOf, until } from '../host/world.ts'

const post = (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

for (const { name, run } of sourceContract({
  async open() {
    let url = ''
    return {
      connector: httpSource({
        port: 0,
        listening: at => {
          url = at
        },
      }),
      async bring(name) {
        const response = await post(url, { key: name, value: name })
        if (response.status !== 201) throw new Error(await response.text())
      },
      nameOf: ({ value }) => value as string,
    }
  },
  keeps: false,
  underWayMax: 256,
  breathe: () => new Promise(resolve => setTimeout(resolve, 0)),
}))
  test(`HTTP ${name}`, run)

const numbers = topic('numbers', { key: text, value: whole, partitions: 1 })
const counter = topology('counter', draft => draft.source('meter', numbers).discard())

const opened = async (options: Partial<HttpSourceOptions> = {}) => {
  const log = openLog()
  let url = ''
  await started(counter, {
    log,
    sources: {
      meter: httpSource({
        port: 0,
        listening: at => {
          url = at
        },
        ...options,
      }),
    },
  })
  await until(() => url !== '', 'an address')
  const ends = async () => (await log.ends({ topic: 'numbers', partition: 0 })).next
  return { log, url, ends }
}

test('a list of records is one commit: 201 once it is there, and with one wrong value nothing of it', async () => {
  const { url, ends } = await opened()
  const good = await post(
    url,
    [1, 2, 3].map(value => ({ key: 'a', value })),
  )
  expect([good.status, await good.json()]).toEqual([201, { appended: 3 }])
  expect(await ends()).toBe(3)
  const bad = await post(url, [
    { key: 'a', value: 4 },
    { key: 'a', value: 'five' },
  ])
  expect(bad.status).toBe(400)
  expect(await bad.json()).toEqual({ error: expect.stringContaining('the value cannot be written to "numbers"') })
  expect(await ends()).toBe(3)
})

const secret = 'canary-token-1234567890'

const refused: [what: string, status: number, error: RegExp, request: (url: string) => Promise<Response>][] = [
  ['no token', 401, /does not carry the token/, url => post(url, { value: 1 })],
  ['a wrong token', 401, /does not carry the token/, url => post(url, { value: 1 }, { authorization: 'Bearer x' })],
  ['another path', 404, /post to \/numbers/, url => post(`${url}x`, {}, { authorization: `Bearer ${secret}` })],
  ['another method', 405, /only POST/, url => fetch(url, { headers: { authorization: `Bearer ${secret}` } })],
  [
    'another type',
    415,
    /application\/json/,
    url => post(url, 'x', { 'content-type': 'text/plain', authorization: `Bearer ${secret}` }),
  ],
  ['what is not JSON', 400, /JSON/, url => post(url, '{"key', { authorization: `Bearer ${secret}` })],
  [
    'an unknown field',
    400,
    /unknown field \\"val\\"/,
    url => post(url, { val: 1 }, { authorization: `Bearer ${secret}` }),
  ],
  [
    'a list too long',
    400,
    /1001 records are too many/,
    url => post(url, Array(1_001).fill({ value: 1 }), { authorization: `Bearer ${secret}` }),
  ],
  [
    'a body too large',
    413,
    /1048576 bytes at most/,
    url => post(url, JSON.stringify({ value: 'x'.repeat(1_100_000) }), { authorization: `Bearer ${secret}` }),
  ],
]

test('whatever is wrong with a request is said, with its status and without the secret, and nothing is appended', async () => {
  const { url, ends } = await opened({ path: '/numbers', token: secret })
  for (const [what, status, error, request] of refused) {
    const response = await request(url)
    const body = await response.text()
    expect([what, response.status]).toEqual([what, status])
    expect(body).toMatch(error)
    expect(body).not.toContain(secret)
  }
  expect(await ends()).toBe(0)
  expect((await post(url, { value: 1 }, { authorization: `Bearer ${secret}` })).status).toBe(201)
})

test('a source on another host than loopback needs a token', async () => {
  const feed = {
    signal: new AbortController().signal,
    note: () => {},
    append: async () => {},
    cursor: undefined,
  } as Feed<unknown, unknown>
  await expect(httpSource({ port: 0, host: '0.0.0.0' }).open(feed)).rejects.toThrow('needs a token')
})

test('more requests at once than are taken are asked to come back', async () => {
  const appends: (() => void)[] = []
  let url = ''
  const feed = {
    ...{ signal: new AbortController().signal, note: () => {}, cursor: undefined },
    append: () => new Promise<void>(resolve => appends.push(resolve)),
  } as Feed<unknown, unknown>
  const source = await httpSource({
    port: 0,
    listening: at => {
      url = at
    },
  }).open(feed)
  const held = Array.from({ length: 256 }, () => post(url, { value: 1 }))
  await until(() => appends.length === 256, '256 requests')
  const late = await post(url, { value: 1 })
  expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1'])
  for (const go of appends) go()
  expect(new Set((await Promise.all(held)).map(({ status }) => status))).toEqual(new Set([201]))
  await source.close()
})

test('a posted record with a body of its own form is read as its source says', async () => {
  const { url, log } = await opened({ read: body => [{ key: 'k', value: (body as { n: number }).n }] })
  expect((await post(url, { n: 7 })).status).toBe(201)
  expect(await textsOf(log, 'numbers')).toHaveLength(1)
})

test('a client that hangs up in the middle of a request leaves nothing behind, and others go on', async () => {
  const { url, ends } = await opened()
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"value":')
  await new Promise(resolve => setTimeout(resolve, 20))
  socket.destroy()
  expect((await post(url, { value: 1 })).status).toBe(201)
  expect(await ends()).toBe(1)
})
