import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { realDisk } from '../../../../schemas/registry/local/journal.ts'
import { body, type Served, served } from '../served.ts'

let its: Served
beforeEach(async () => {
  its = await served()
})
afterEach(() => its.stop())

const one = body('Ticket', { id: 'string' })
const two = body('Ticket', { id: 'string' }, { priority: ['int', 3] })
const clash = body('Ticket', { id: 'int' })
const number = { schema: '"int"' }

type Step = readonly [method: string, path: string, body?: unknown]
const register = (subject = 's', what: unknown = one): Step => ['POST', `/subjects/${subject}/versions`, what]

/** Each row: what was done before, the request at fault, the status and code it earns, and words of its message. */
const rows: readonly [title: string, before: readonly Step[], at: Step, status: number, code: number, words: string][] =
  [
    ['a path that is none', [], ['GET', '/nothing'], 404, 404, 'nothing at this path'],
    ['an id that is no number', [], ['GET', '/schemas/ids/abc'], 404, 404, 'nothing'],
    ['a method that a path does not take', [], ['PUT', '/subjects'], 405, 405, 'GET only'],
    ['a subject that is not there', [], ['GET', '/subjects/s/versions'], 404, 40401, "Subject 's' not found"],
    ['the same, by version', [], ['GET', '/subjects/s/versions/1'], 404, 40401, "'s'"],
    ['the same, latest', [], ['GET', '/subjects/s/versions/latest'], 404, 40401, "'s'"],
    ['the same, deleted', [], ['DELETE', '/subjects/s'], 404, 40401, "'s'"],
    ['the same, one version deleted', [], ['DELETE', '/subjects/s/versions/1'], 404, 40401, "'s'"],
    ['the same, looked up', [], ['POST', '/subjects/s', one], 404, 40401, "'s'"],
    ['settings deleted that were not there', [], ['DELETE', '/config/s'], 404, 40401, "'s'"],
    ['a mode deleted that was not there', [], ['DELETE', '/mode/s'], 404, 40401, "'s'"],
    ['a version that is not there', [register()], ['GET', '/subjects/s/versions/2'], 404, 40402, 'Version 2'],
    ['the same, deleted', [register()], ['DELETE', '/subjects/s/versions/2'], 404, 40402, 'Version 2'],
    ['the same, checked against', [register()], ['POST', '/compatibility/subjects/s/versions/2', two], 404, 40402, '2'],
    ['an id that is not there', [], ['GET', '/schemas/ids/77'], 404, 40403, 'Schema 77'],
    ['the same, its text', [], ['GET', '/schemas/ids/77/schema'], 404, 40403, '77'],
    ['the same, its subjects', [], ['GET', '/schemas/ids/77/subjects'], 404, 40403, '77'],
    ['the same, its versions', [], ['GET', '/schemas/ids/77/versions'], 404, 40403, '77'],
    ['a schema that a subject has not', [register()], ['POST', '/subjects/s', two], 404, 40403, 'Schema not found'],
    [
      'a subject hidden twice',
      [register(), ['DELETE', '/subjects/s']],
      ['DELETE', '/subjects/s'],
      404,
      40404,
      'permanent=true',
    ],
    [
      'a subject deleted for good at once',
      [register()],
      ['DELETE', '/subjects/s?permanent=true'],
      404,
      40405,
      'before',
    ],
    [
      'a version hidden twice',
      [register(), register('s', two), ['DELETE', '/subjects/s/versions/1']],
      ['DELETE', '/subjects/s/versions/1'],
      404,
      40406,
      'permanent=true',
    ],
    [
      'a version deleted for good at once',
      [register()],
      ['DELETE', '/subjects/s/versions/1?permanent=true'],
      404,
      40407,
      'before',
    ],
    ['a level that a subject has not', [register()], ['GET', '/config/s'], 404, 40408, "'s'"],
    ['a mode that a subject has not', [register()], ['GET', '/mode/s'], 404, 40409, "'s'"],
    ['a schema that does not fit', [register()], register('s', clash), 409, 409, "errorType:'TYPE_MISMATCH'"],
    ['a schema that is none', [], register('s', { schema: '{"type":"recrod"}' }), 422, 42201, 'recrod'],
    ['a schema that is no JSON', [], register('s', { schema: '{' }), 422, 42201, 'line 1'],
    ['no schema', [], register('s', {}), 422, 42201, 'Empty schema'],
    ['a default of the wrong type', [], register('s', body('A', {}, { x: ['int', 'no'] })), 422, 42201, 'default'],
    ['a type of schema that is not kept', [], register('s', { ...one, schemaType: 'JSON' }), 422, 42201, 'JSON'],
    [
      'metadata, which would be lost',
      [],
      register('s', { ...one, metadata: { properties: {} } }),
      422,
      42201,
      'metadata',
    ],
    [
      'a reference that leads nowhere',
      [],
      register('s', { ...one, references: [{ name: 'A', subject: 'a', version: 3 }] }),
      422,
      42201,
      'version 3',
    ],
    ['a version that does not come next', [register()], register('s', { ...two, version: 9 }), 422, 42201, 'next'],
    ['a version that is no number', [register()], ['GET', '/subjects/s/versions/first'], 422, 42202, "'first'"],
    ['version 0', [register()], ['GET', '/subjects/s/versions/0'], 422, 42202, "'0'"],
    ['version 2^31', [register()], ['DELETE', '/subjects/s/versions/2147483648'], 422, 42202, '2^31-1'],
    ['a level that is none', [], ['PUT', '/config', { compatibility: 'BACKWARDS' }], 422, 42203, 'backward_transitive'],
    ['the same for a subject', [], ['PUT', '/config/s', { compatibility: 7 }], 422, 42203, 'level'],
    ['no level', [], ['PUT', '/config/s', {}], 422, 42203, 'level'],
    ['a mode that is none', [], ['PUT', '/mode', { mode: 'WRITE' }], 422, 42204, 'READWRITE'],
    [
      'a setting that is not kept',
      [],
      ['PUT', '/config/s', { compatibilityGroup: 'v' }],
      422,
      42205,
      'compatibilityGroup',
    ],
    ['a registration in READONLY', [['PUT', '/mode/s', { mode: 'READONLY' }]], register(), 422, 42205, 'READONLY'],
    [
      'a deletion in READONLY',
      [register(), ['PUT', '/mode', { mode: 'READONLY' }]],
      ['DELETE', '/subjects/s'],
      422,
      42205,
      'READONLY',
    ],
    [
      'a level in READONLY',
      [['PUT', '/mode', { mode: 'READONLY' }]],
      ['PUT', '/config/s', { compatibility: 'NONE' }],
      422,
      42205,
      'READONLY',
    ],
    ['an id outside IMPORT', [], register('s', { ...one, id: 7 }), 422, 42205, 'IMPORT'],
    ['no id in IMPORT', [['PUT', '/mode/s', { mode: 'IMPORT' }]], register(), 422, 42205, 'IMPORT'],
    ['IMPORT over schemas', [register()], ['PUT', '/mode/s', { mode: 'IMPORT' }], 422, 42205, 'force=true'],
    [
      'an id that stands for another schema',
      [['PUT', '/mode', { mode: 'IMPORT' }], register('s', { ...one, id: 7, version: 1 })],
      register('t', { ...number, id: 7, version: 1 }),
      422,
      42205,
      'Id 7',
    ],
    [
      'a version that others refer to',
      [
        register('a', body('A', { x: 'int' })),
        register('s', { schema: '["null","A"]', references: [{ name: 'A', subject: 'a', version: 1 }] }),
      ],
      ['DELETE', '/subjects/a/versions/1'],
      422,
      42206,
      "'a' version 1",
    ],
    [
      'a subject that others refer to',
      [
        register('a', body('A', { x: 'int' })),
        register('s', { schema: '["null","A"]', references: [{ name: 'A', subject: 'a', version: -1 }] }),
      ],
      ['DELETE', '/subjects/a'],
      422,
      42206,
      'refer',
    ],
    ['a subject in a context', [], register(':.other:s'), 422, 42208, 'contexts'],
    ['a subject with a control character', [], register('a%00b'), 422, 42208, 'control'],
    ['a reserved subject', [], register('__GLOBAL'), 422, 42208, 'reserved'],
    ['a path that is no UTF-8', [], ['GET', '/subjects/%ff/versions'], 400, 400, 'UTF-8'],
    ['a body that is no JSON', [], ['POST', '/subjects/s/versions', '{'], 400, 400, 'JSON'],
    ['a body that is no object', [], ['POST', '/subjects/s/versions', '[]'], 400, 400, 'object'],
  ]

describe('a refusal has the status and the code of the API, and says what is wrong', () => {
  test.each(rows)('%s', async (_title, before, [method, path, sent], status, code, words) => {
    for (const [how, where, what] of before) expect((await its.ask(how, where, what)).status).toBe(200)
    const reply = await its.ask(method, path, sent)
    expect({ status: reply.status, code: reply.json?.error_code }).toEqual({ status, code })
    expect(reply.json.message).toContain(words)
    expect(Object.keys(reply.json).sort()).toEqual(['error_code', 'message'])
    expect(reply.headers.get('content-type')).toBe('application/vnd.schemaregistry.v1+json')
  })
})

test('a disk that refuses is 50001, changes nothing, and is told to the one who runs the server', async () => {
  let isFull = false
  const told: unknown[] = []
  const disk = {
    ...realDisk,
    write: async (...args: Parameters<typeof realDisk.write>) => {
      if (isFull) throw new Error('ENOSPC: no space left on device')
      return realDisk.write(...args)
    },
  }
  const mine = await served({ disk, onError: error => told.push(error) })
  try {
    isFull = true
    const reply = await mine.ask('POST', '/subjects/s/versions', one)
    expect([reply.status, reply.json.error_code]).toEqual([500, 50001])
    expect(reply.json.message).toContain('ENOSPC')
    expect(told).toHaveLength(1)
    expect((await mine.ask('GET', '/subjects')).json).toEqual([])
    isFull = false
    expect((await mine.ask('POST', '/subjects/s/versions', one)).json).toEqual({ id: 1 })
    await mine.restart()
    expect((await mine.ask('GET', '/subjects')).json).toEqual(['s'])
  } finally {
    await mine.stop()
  }
})
