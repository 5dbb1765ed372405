import { afterEach, beforeEach, expect, test } from 'vitest'
import { body, type Served, served } from '../served.ts'

let its: Served
beforeEach(async () => {
  its = await served()
})
afterEach(() => its.stop())

const one = body('Ticket', { id: 'string' })
const two = body('Ticket', { id: 'string' }, { priority: ['int', 3] })
const three = body('Ticket', { id: 'string' }, { priority: ['int', 3], note: ['string', ''] })

const get = async (path: string) => (await its.ask('GET', path)).json
const post = async (path: string, what: unknown) => (await its.ask('POST', path, what)).json
const put = async (path: string, what: unknown) => (await its.ask('PUT', path, what)).json
const remove = async (path: string) => (await its.ask('DELETE', path)).json
const register = (subject: string, what: unknown) => post(`/subjects/${subject}/versions`, what)

test('one schema has one id in every subject, and versions of its own in each', async () => {
  expect(await register('a', one)).toEqual({ id: 1 })
  expect(await register('a', two)).toEqual({ id: 2 })
  expect(await register('b', two)).toEqual({ id: 2 })
  expect(await register('b', two)).toEqual({ id: 2 })
  expect(await get('/subjects/a/versions')).toEqual([1, 2])
  expect(await get('/subjects/b/versions')).toEqual([1])
  expect(await get('/schemas/ids/2/subjects')).toEqual(['a', 'b'])
  expect(await get('/schemas/ids/2/versions')).toEqual([
    { subject: 'a', version: 2 },
    { subject: 'b', version: 1 },
  ])
  expect(await get('/subjects/a/versions/latest')).toEqual({ subject: 'a', version: 2, id: 2, ...two })
  expect(await post('/subjects/b', two)).toEqual({ subject: 'b', version: 1, id: 2, ...two })
})

test('layout, attribute order and ways of writing a name make no other schema; a doc does', async () => {
  const spaced = `{ "fields": [ {"type": {"type": "string"}, "name": "id"} ], "namespace": "desk",\n "name": "Ticket", "type": "record" }`
  const dotted = '{"type":"record","name":"desk.Ticket","fields":[{"name":"id","type":"string"}]}'
  const documented = '{"type":"record","name":"desk.Ticket","doc":"one","fields":[{"name":"id","type":"string"}]}'
  expect(await register('a', { schema: spaced })).toEqual({ id: 1 })
  expect(await register('a', { schema: dotted })).toEqual({ id: 1 })
  expect(await register('a', { schema: documented })).toEqual({ id: 2 })
  const text = '{"type":"record","name":"Ticket","namespace":"desk","fields":[{"name":"id","type":"string"}]}'
  expect((await its.ask('GET', '/schemas/ids/1/schema')).text).toBe(text)
  expect((await its.ask('GET', '/subjects/a/versions/1/schema')).text).toBe(text)
})

test('normalize makes more ways of writing one schema, and a subject can be set to it', async () => {
  const left = '{"type":"enum","name":"Mood","symbols":["A"],"zeta":1,"alpha":2}'
  const right = '{"type":"enum","name":"Mood","symbols":["A"],"alpha":2,"zeta":1}'
  expect(await post('/subjects/a/versions?normalize=true', { schema: left })).toEqual({ id: 1 })
  expect(await post('/subjects/b/versions?normalize=true', { schema: right })).toEqual({ id: 1 })
  expect((await get('/schemas/ids/1')).schema).toBe('{"name":"Mood","type":"enum","symbols":["A"],"alpha":2,"zeta":1}')
  expect(await put('/config/c', { normalize: true, compatibility: 'NONE' })).toEqual({
    normalize: true,
    compatibility: 'NONE',
  })
  expect(await register('c', { schema: right })).toEqual({ id: 1 })
  expect(await register('d', { schema: right })).toEqual({ id: 2 })
})

test('a soft-deleted version leaves the lists and the checks, keeps its id, and gives its number to nobody', async () => {
  await register('a', one)
  await register('a', two)
  expect(await remove('/subjects/a/versions/latest')).toBe(2)
  expect(await get('/subjects/a/versions')).toEqual([1])
  expect(await get('/subjects/a/versions?deleted=true')).toEqual([1, 2])
  expect(await get('/subjects/a/versions?deletedOnly=true')).toEqual([2])
  expect((await get('/subjects/a/versions/latest')).version).toBe(1)
  expect((await get('/subjects/a/versions/2?deleted=true')).id).toBe(2)
  expect((await get('/schemas/ids/2')).schema).toBe(two.schema)
  expect(await get('/schemas/ids/2/subjects')).toEqual([])
  expect(await get('/schemas/ids/2/subjects?deleted=true')).toEqual(['a'])
  expect(await post('/subjects/a?deleted=true', two)).toMatchObject({ version: 2 })
  expect(await register('a', three)).toEqual({ id: 3 })
  expect((await get('/subjects/a/versions/latest')).version).toBe(3)
})

test('a soft-deleted schema registered again has its old id under the next version, and the hidden one is gone', async () => {
  await register('a', one)
  await remove('/subjects/a')
  expect(await register('a', one)).toEqual({ id: 1 })
  expect(await get('/subjects/a/versions?deleted=true')).toEqual([2])
})

test('what is deleted for good is gone, its id is never given again, and the subject begins anew', async () => {
  await register('a', one)
  await register('a', two)
  await put('/config/a', { compatibility: 'NONE' })
  expect(await remove('/subjects/a')).toEqual([1, 2])
  expect(await get('/subjects')).toEqual([])
  expect(await get('/subjects?deleted=true')).toEqual(['a'])
  expect(await remove('/subjects/a?permanent=true')).toEqual([1, 2])
  expect(await get('/subjects?deleted=true')).toEqual([])
  expect((await its.ask('GET', '/schemas/ids/1')).json.error_code).toBe(40403)
  expect((await its.ask('GET', '/config/a')).json.error_code).toBe(40408)
  await its.restart()
  expect(await register('a', two)).toEqual({ id: 3 })
  expect(await get('/subjects/a/versions')).toEqual([1])
})

test('a schema may name types of other subjects; who is named is known and protected', async () => {
  await register('money', body('Money', { cents: 'long' }))
  const order = {
    schema: '{"type":"record","name":"Order","fields":[{"name":"total","type":"Money"}]}',
    references: [{ name: 'Money', subject: 'money', version: 1 }],
  }
  expect(await register('orders', order)).toEqual({ id: 2 })
  expect(await get('/schemas/ids/2')).toEqual(order)
  expect(await get('/subjects/orders/versions/1')).toEqual({ subject: 'orders', version: 1, id: 2, ...order })
  expect(await get('/subjects/money/versions/1/referencedby')).toEqual([2])
  await its.restart()
  const whole = {
    schema:
      '{"type":"record","name":"Order","fields":[{"name":"total","type":{"type":"record","name":"Money","fields":[{"name":"cents","type":"long"}]}}]}',
  }
  expect(await post('/subjects/orders', whole)).toMatchObject({ id: 2, version: 1 })
  expect(await remove('/subjects/orders')).toEqual([1])
  expect(await get('/subjects/money/versions/1/referencedby')).toEqual([])
  expect(await get('/subjects/money/versions/1/referencedby?deleted=true')).toEqual([2])
  expect(await remove('/subjects/money')).toEqual([1])
  expect((await its.ask('DELETE', '/subjects/money?permanent=true')).json.error_code).toBe(42206)
})

test('the level of a subject outweighs the global one, and every level checks in its own direction', async () => {
  const check = async (what: unknown, at = 'versions/latest') =>
    (await post(`/compatibility/subjects/a/${at}`, what)).is_compatible
  const required = body('Ticket', { id: 'string', urgency: 'int' })
  expect(await check(one)).toBe(true)
  await register('a', one)
  expect(await get('/config')).toEqual({ compatibilityLevel: 'BACKWARD' })
  expect([await check(two), await check(required)]).toEqual([true, false])
  expect(await put('/config', { compatibility: 'forward' })).toEqual({ compatibility: 'FORWARD' })
  expect([await check(two), await check(required)]).toEqual([true, true])
  expect(await get('/config/a?defaultToGlobal=true')).toEqual({ compatibilityLevel: 'FORWARD' })
  expect(await put('/config/a', { compatibility: 'FULL_TRANSITIVE' })).toEqual({ compatibility: 'FULL_TRANSITIVE' })
  expect(await get('/config/a')).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' })
  expect([await check(two), await check(required), await check(required, 'versions')]).toEqual([true, false, false])
  expect(await remove('/config/a')).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' })
  expect(await check(required)).toBe(true)
  expect(await remove('/config')).toEqual({ compatibilityLevel: 'FORWARD' })
  expect(await check(required)).toBe(false)
})

test('a transitive level looks at every version, any other at the latest', async () => {
  const text = body('Ticket', { id: 'string' }, { extra: ['string', ''] })
  const whole = body('Ticket', { id: 'string' }, { extra: ['int', 0] })
  await register('a', text)
  await register('a', one)
  const check = async () => (await post('/compatibility/subjects/a/versions?verbose=true', whole)) as Checked
  expect((await check()).is_compatible).toBe(true)
  await put('/config/a', { compatibility: 'BACKWARD_TRANSITIVE' })
  const { is_compatible: fits, messages } = await check()
  expect(fits).toBe(false)
  expect(messages.join('\n')).toContain('{oldSchemaVersion: 1}')
  expect(messages.at(-1)).toBe("{validateFields: 'false', compatibility: 'BACKWARD_TRANSITIVE'}")
  expect(messages[0]).toMatch(
    /^\{errorType:'TYPE_MISMATCH', description:'.*\/fields\/1\/type.*', additionalInfo:'.+'\}$/,
  )
})

interface Checked {
  readonly is_compatible: boolean
  readonly messages: readonly string[]
}

test('with verbose a schema that cannot be read is an answer, without it a refusal', async () => {
  const bad = { schema: '{"type":"recrod"}' }
  expect(await post('/compatibility/subjects/a/versions/latest?verbose=true', bad)).toMatchObject({
    is_compatible: false,
  })
  expect(await post('/compatibility/subjects/a/versions/latest', bad)).toMatchObject({ error_code: 42201 })
  expect(await post('/compatibility/subjects/a/versions/latest?verbose=true', one)).toEqual({
    is_compatible: true,
    messages: [],
  })
})

test('IMPORT takes ids and versions as they are, and a registry can be moved that way', async () => {
  expect(await get('/mode')).toEqual({ mode: 'READWRITE' })
  expect(await put('/mode', { mode: 'IMPORT' })).toEqual({ mode: 'IMPORT' })
  expect(await register('a', { ...one, id: 100, version: 4 })).toEqual({ id: 100 })
  expect(await register('a', { ...two, id: 200, version: 7 })).toEqual({ id: 200 })
  expect(await get('/subjects/a/versions')).toEqual([4, 7])
  expect(await put('/mode', { mode: 'READWRITE' })).toEqual({ mode: 'READWRITE' })
  expect(await register('a', three)).toEqual({ id: 201 })
  expect(await get('/subjects/a/versions')).toEqual([4, 7, 8])
  expect(await put('/mode/a', { mode: 'READONLY' })).toEqual({ mode: 'READONLY' })
  expect(await get('/mode/a')).toEqual({ mode: 'READONLY' })
  expect(await get('/mode/b?defaultToGlobal=true')).toEqual({ mode: 'READWRITE' })
  expect(await remove('/mode/a')).toEqual({ mode: 'READONLY' })
})

test('lists can be filtered and paged', async () => {
  for (const subject of ['desk-b', 'desk-a', 'shop']) await register(subject, one)
  await register('shop', two)
  expect(await get('/subjects')).toEqual(['desk-a', 'desk-b', 'shop'])
  expect(await get('/subjects?subjectPrefix=desk-')).toEqual(['desk-a', 'desk-b'])
  expect(await get('/subjects?subjectPrefix=:*:')).toEqual(['desk-a', 'desk-b', 'shop'])
  expect(await get('/subjects?offset=1&limit=1')).toEqual(['desk-b'])
  const listed = (await get('/schemas?latestOnly=true')) as { subject: string; version: number }[]
  expect(listed.map(({ subject, version }) => `${subject} ${version}`)).toEqual(['desk-a 1', 'desk-b 1', 'shop 2'])
  expect(await get('/schemas?subjectPrefix=shop')).toHaveLength(2)
})

test('the server says what it is', async () => {
  expect(await get('/')).toEqual({})
  expect(await get('/schemas/types')).toEqual(['AVRO'])
  const before = await get('/v1/metadata/id')
  expect(before.scope.clusters['kafka-cluster']).toMatch(/^[0-9a-f-]{36}$/)
  await its.restart()
  expect(await get('/v1/metadata/id')).toEqual(before)
})

test('subjects of any letters stay apart, on the way in and out and after a restart', async () => {
  const names = ['a/b', '../../../etc/passwd', '%2e%2e', 'a b', 'größe-値', 'a?b#c', 'constructor', '__proto__', 'a\\b']
  for (const [index, name] of names.entries()) {
    const what = body(`R${index}`, { x: 'int' })
    expect(await register(encodeURIComponent(name), what)).toEqual({ id: index + 1 })
  }
  await its.restart()
  expect(new Set(await get('/subjects'))).toEqual(new Set(names))
  for (const [index, name] of names.entries()) {
    expect(await get(`/subjects/${encodeURIComponent(name)}/versions/1`)).toMatchObject({
      id: index + 1,
      subject: name,
    })
  }
})
