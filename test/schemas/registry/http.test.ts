import type { RequestListener } from 'node:http'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { httpRegistry } from '../../../schemas/registry/http.ts'
import { calm, failureOf, hasty, steady } from './opened.ts'
import { body, type Served, served } from './served.ts'
import { type Stub, says, stub } from './stub.ts'

const one = body('Ticket', { id: 'string' }).schema
const two = body('Ticket', { id: 'string' }, { priority: ['int', 3] }).schema
const clash = body('Ticket', { id: 'int' }).schema

describe('against a registry', () => {
  let its: Served
  beforeEach(async () => {
    its = await served()
  })
  afterEach(() => its.stop())

  test('a schema that is not there is refused with the command that registers it, and nothing is registered', async () => {
    const error = await failureOf(steady(its.url).idOf('tickets-value', one))
    expect(error.message).toBe(
      `The schema registry ${its.url} does not have this schema in subject "tickets-value" ` +
        "(it says: Subject 'tickets-value' not found.). To fix: register it with " +
        `\`franz schemas register --registry ${its.url} FILES\`, or let the runner do so with \`{ register: true }\`.`,
    )
    expect([error.reason, error.retry]).toEqual(['unregistered', false])
    expect((await its.ask('GET', '/subjects?deleted=true')).json).toEqual([])
  })

  test('told to, it registers, under the level that is set and without setting one', async () => {
    const registry = steady(its.url, { register: true })
    expect(await registry.idOf('tickets-value', one)).toBe(1)
    expect(await registry.idOf('tickets-value', two)).toBe(2)
    expect(await registry.idOf('key', '"string"')).toBe(3)
    expect((await its.ask('GET', '/config/tickets-value')).json.error_code).toBe(40408)
    const error = await failureOf(registry.idOf('tickets-value', clash))
    expect([error.reason, error.retry]).toEqual(['incompatible', false])
    expect(error.message).toContain('TYPE_MISMATCH')
    expect(await steady(its.url).idOf('tickets-value', two)).toBe(2)
  })

  test('register says what is new, and a dry run changes nothing', async () => {
    const registry = steady(its.url)
    expect(await registry.register('s', one, { dryRun: true })).toEqual({ id: undefined, isNew: true })
    expect(await registry.subjects()).toEqual([])
    expect(await registry.register('s', one)).toEqual({ id: 1, isNew: true })
    expect(await registry.register('s', one)).toEqual({ id: 1, isNew: false })
    const error = await failureOf(registry.register('s', clash, { dryRun: true }))
    expect([error.reason, error.message.includes('TYPE_MISMATCH')]).toEqual(['incompatible', true])
  })

  test('a review reads subjects, versions and levels', async () => {
    const registry = steady(its.url)
    await registry.register('s', one)
    await registry.register('s', two)
    expect(await registry.versions('s')).toEqual([
      { version: 1, id: 1, schema: one },
      { version: 2, id: 2, schema: two },
    ])
    expect(await registry.versions('none')).toEqual([])
    expect(await registry.levelOf('s')).toBe('BACKWARD')
  })

  test('referenced types come written out', async () => {
    await its.ask('POST', '/subjects/money/versions', body('Money', { cents: 'long' }))
    const order =
      '{"type":"record","name":"Order","fields":[{"name":"total","type":"Money"},{"name":"paid","type":"Money"}]}'
    const references = [{ name: 'Money', subject: 'money', version: 1 }]
    const { json } = await its.ask('POST', '/subjects/orders/versions', { schema: order, references })
    const text = await steady(its.url).schemaOf(json.id)
    expect(JSON.parse(text!).fields[0].type).toMatchObject({ name: 'Money', fields: [{ name: 'cents', type: 'long' }] })
    expect(JSON.parse(text!).fields[1].type).toBe('Money')
  })

  test('a subject of dots and slashes is a name', async () => {
    const registry = steady(its.url, { register: true })
    for (const subject of ['..', 'a/../b', '%2e']) await registry.idOf(subject, one)
    expect((await its.ask('GET', '/subjects')).json).toEqual(['%2e', '..', 'a/../b'])
  })

  test('an id that the registry says it does not know is undefined', async () => {
    expect(await steady(its.url).schemaOf(77)).toBeUndefined()
  })
})

describe('a registry that is away', () => {
  let its: Stub
  beforeEach(async () => {
    its = await stub(says(200, { schema: '"string"' }))
  })
  afterEach(() => its.stop())

  test('known ids go on, an unknown one is told to wait with the address and the cause', async () => {
    const registry = calm(its.url)
    await vi.waitFor(async () => expect(await registry.schemaOf(1)).toBe('"string"'), 20_000)
    await its.stop()
    expect(await registry.schemaOf(1)).toBe('"string"')
    const error = await failureOf(registry.schemaOf(2))
    expect(error.message).toMatch(
      /^The schema registry http:\/\/127\.0\.0\.1:\d+ cannot be reached: connect ECONNREFUSED .+ \(tried \d+ times in \d+\.\d s\)\. To fix: /,
    )
    expect([error.reason, error.retry]).toEqual(['away', true])
  })

  test('a look-up that succeeded once goes on too', async () => {
    its.answer(says(200, { id: 9 }))
    const registry = hasty(its.url)
    await vi.waitFor(async () => expect(await registry.idOf('s', '"string"')).toBe(9), 20_000)
    await its.stop()
    expect(await registry.idOf('s', '"string"')).toBe(9)
    expect((await failureOf(registry.idOf('t', '"string"'))).reason).toBe('away')
  })

  test('what failed before succeeds once it is back', async () => {
    its.answer(says(503, ''))
    const registry = calm(its.url)
    expect((await failureOf(registry.schemaOf(1))).message).toContain('failed to show the schema of id 1 (status 503)')
    its.answer(says(200, { schema: '"int"' }))
    await vi.waitFor(async () => expect(await registry.schemaOf(1)).toBe('"int"'), 20_000)
  })

  test('an attempt that the deadline cut short does not hide why the one before it failed', async () => {
    let asked = 0
    its.answer((request, response) => {
      if (asked++ === 0) says(503, '')(request, response)
    })
    const patience = { deadlineMs: 2_000, attemptMs: 4_000, firstGapMs: 1, gapMaxMs: 1, chance: () => 0.5 }
    const { message } = await failureOf(httpRegistry({ url: its.url, patience }).schemaOf(1))
    expect(message).toContain('failed to show the schema of id 1 (status 503) (tried 2 times')
  })

  test('a failure or two are passed over', async () => {
    let failures = 2
    const good = says(200, { schema: '"int"' })
    its.answer((request, response) => (failures-- > 0 ? says(500, 'oops')(request, response) : good(request, response)))
    expect(await steady(its.url).schemaOf(1)).toBe('"int"')
    expect(its.asked).toHaveLength(3)
  })

  test('one that does not answer is given up in time', async () => {
    its.answer(() => {})
    const start = performance.now()
    const error = await failureOf(hasty(its.url).schemaOf(1))
    expect(error.message).toContain('did not answer within')
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  test('one that drips is given up too', async () => {
    its.answer((_request, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(drip))
    })
    expect((await failureOf(hasty(its.url).schemaOf(1))).message).toContain('did not answer within')
  })

  test('many calls for one id are one request; for an unknown id the answer holds for a while', async () => {
    const registry = steady(its.url)
    await Promise.all(Array.from({ length: 50 }, () => registry.schemaOf(5)))
    expect(its.asked).toEqual(['GET /schemas/ids/5'])
    its.answer(says(404, { error_code: 40403, message: 'Schema 6 not found' }))
    for (let call = 0; call < 50; call++) expect(await registry.schemaOf(6)).toBeUndefined()
    expect(its.asked).toHaveLength(2)
  })

  const cut: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-length': 1_000 })
    response.write('{"schema":')
    setTimeout(() => response.destroy(), 5)
  }
  const endless: RequestListener = (_request, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', more)
    more()
  }
  const nonsense: readonly [string, RequestListener][] = [
    ['a page of HTML', says(200, '<html>Welcome to nginx!</html>')],
    ['a page of HTML that is not found', says(404, '<html>404</html>')],
    ['null', says(200, 'null')],
    ['null that is not found', says(404, 'null')],
    ['null that failed', says(500, 'null')],
    ['an empty failure', says(502, '')],
    ['a number', says(200, '7')],
    ['half of a JSON text', says(200, '{"schema": "')],
    ['another object', says(200, { schema: 7 })],
    ['references that are none', says(200, { schema: '"int"', references: [{ name: 'A' }] })],
    ['a wrong path, which is not an unknown id', says(404, { error_code: 404, message: 'HTTP 404 Not Found' })],
    ['a redirection', says(302, '')],
    ['an answer that is cut off', cut],
    ['an answer without an end', endless],
    ['a connection that closes', request => request.socket.destroy()],
    ['bytes that are not HTTP', request => request.socket.end('\u0000\u0001\u0002\r\n\r\n')],
  ]
  test.each(nonsense)('an answer of nonsense is neither a schema nor an unknown id: %s', async (_title, how) => {
    its.answer(how)
    const registry = hasty(its.url, { register: true })
    const calls = [registry.schemaOf(1), registry.idOf('s', '"int"'), registry.subjects(), registry.versions('s')]
    for (const error of await Promise.all(calls.map(failureOf))) {
      expect(['away', 'nonsense']).toContain(error.reason)
      expect(error.retry).toBe(true)
    }
    its.answer(says(200, { schema: '"int"' }))
    await vi.waitFor(async () => expect(await registry.schemaOf(1)).toBe('"int"'), 20_000)
  })

  test.each([0, -1, 1.5, 2 ** 31, '7', null])('%s is no id', async id => {
    its.answer(says(200, { id }))
    expect((await failureOf(calm(its.url).idOf('s', '"int"'))).reason).toBe('nonsense')
  })

  test('a schema of another type is no Avro schema', async () => {
    its.answer(says(200, { schemaType: 'PROTOBUF', schema: 'message A {}' }))
    expect(await steady(its.url).schemaOf(1)).toBeUndefined()
    its.answer(says(200, { schemaType: 'JSON', schema: '{"type":"string"}' }))
    expect(await steady(its.url).schemaOf(2)).toBeUndefined()
  })

  test('a password that is refused is not tried again', async () => {
    its.answer(says(401, { error_code: 401, message: 'Unauthorized' }))
    const error = await failureOf(steady(its.url).schemaOf(1))
    expect([error.reason, error.retry, its.asked.length]).toEqual(['unauthorized', false, 1])
  })
})

test('a base path is kept', async () => {
  const its = await stub(says(200, { schema: '"int"' }))
  await steady(`${its.url}/registry/`).schemaOf(3)
  expect(its.asked).toEqual(['GET /registry/schemas/ids/3'])
  await its.stop()
})
