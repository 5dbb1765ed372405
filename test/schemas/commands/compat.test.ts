import { afterAll, describe, expect, test } from 'vitest'
import { jsonText } from '../../../schemas/avro/json.ts'
import { answerTo, compatCommand } from '../../../schemas/commands/compat.ts'
import { type LongLine, linesOf } from '../../../schemas/commands/lines.ts'
import { pairVectors } from '../../conformance-avro/vectors.ts'
import { Folder, ran } from './ran.ts'

const limits = { patienceMs: 60_000 } as const

async function* piped(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text
}
const compat = async (...lines: readonly unknown[]) => {
  const input = piped(`${lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')}\n`)
  const { code, out, err } = await ran(compatCommand, ['--pairs', '-'], { input })
  return {
    code,
    err,
    answers: out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line)),
  }
}
const folder = new Folder()
afterAll(() => folder.end())

describe('compat --pairs', () => {
  test('answers every pair of the vectors as Apache Avro does, in order', { timeout: limits.patienceMs }, async () => {
    const pairs = pairVectors(400)
    const lines = pairs.map(
      (pair, id) =>
        `{"id":${id},"old":[${jsonText(pair.old)}],"new":${jsonText(pair.new)},"mode":"${id % 2 ? 'FORWARD' : 'BACKWARD'}"}`,
    )
    const { code, answers } = await compat(...lines)
    expect(code).toBe(0)
    expect(answers.map(({ id, compatible }) => [id, compatible])).toEqual(
      pairs.map((pair, id) => [id, (id % 2 ? pair.forward : pair.backward) === 'y']),
    )
    for (const { compatible, findings } of answers) {
      expect(findings.some(({ axis }: { axis: string }) => axis === 'WIRE')).toBe(!compatible)
      for (const finding of findings) expect(Object.keys(finding)).toEqual(['code', 'axis', 'pointer', 'message'])
    }
  })
  test('an array as "old" is a list of versions; the modes that are not transitive take the last', async () => {
    const record = (...fields: object[]) => ({ type: 'record', name: 'R', fields })
    const b = { name: 'b', type: 'int' }
    const old = [record(), record({ ...b, default: 0 })]
    const pair = { old, new: record(b) }
    const { answers } = await compat(
      { id: 1, ...pair, mode: 'BACKWARD' },
      { id: 2, ...pair, mode: 'BACKWARD_TRANSITIVE' },
      { id: 3, old: [['null', 'int']], new: ['null', 'long'], mode: 'BACKWARD' },
      { id: 4, old: ['null', 'int'], new: 'int', mode: 'BACKWARD' },
      { id: 5, old: ['null', 'int'], new: 'int', mode: 'BACKWARD_TRANSITIVE' },
      { id: 6, old: [], new: 'int', mode: 'FULL_TRANSITIVE' },
      { id: 7, old: 'string', new: 'int', mode: 'NONE' },
    )
    expect(answers.map(({ compatible }) => compatible)).toEqual([true, false, true, true, false, true, true])
    expect(answers[1].findings[0]).toMatchObject({ code: 'AV304', axis: 'WIRE', pointer: '/fields/0' })
    expect(answers[6].findings).toEqual([])
  })
  test('a line that cannot be read is answered in its place, the others go on, and the exit code is 3', async () => {
    const good = { old: 'int', new: 'long', mode: 'BACKWARD' }
    const { code, err, answers } = await compat(
      { id: 'a', ...good },
      'no json {"id": "b"',
      { id: 'c', ...good, mode: 'BOTH' },
      { id: 'd', ...good, new: 'lung' },
      { id: 'e', old: 'int', mode: 'FULL' },
      '[1]',
      { id: { deep: [1] }, ...good },
      { ...good },
    )
    expect([code, err]).toEqual([3, ''])
    expect(answers.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', null, { deep: [1] }, null])
    expect(answers.map(answer => 'error' in answer)).toEqual([false, true, true, true, true, true, false, false])
    expect(Object.keys(answers[1])).toEqual(['id', 'error'])
    expect(answers[2].error).toContain('"BOTH" is none of NONE, BACKWARD')
    expect(answers[3].error).toContain('no type is called "lung"')
    expect(answers[4].error).toBe('line 5: the line has no "new"')
    expect(answers[1].error).toMatch(/^line 2, column 1: /)
    expect(answers[3].error).toMatch(/^line 4, column \d+ at \/new: /)
    expect(answers[5].error).toMatch(/^line 6: /)
  })
  test('of a schema in quotes the place in its text is told', async () => {
    const { answers } = await compat('', { id: 1, old: 'int', new: '{"type":\n"lung"}', mode: 'FULL' })
    expect(answers[0].error).toMatch(
      /^line 2: in the text at \/new, line 2, column 1 at \/type: no type is called "lung"/,
    )
  })
  test('a schema in quotes may be a whole one', async () => {
    const { answers } = await compat({ id: 1, old: '{"type": "int"}', new: '"long"', mode: 'BACKWARD' })
    expect(answers[0].compatible).toBe(true)
  })
  test('pointers are into the schema, not into the line', async () => {
    const record = (type: unknown) => ({ type: 'record', name: 'R', fields: [{ name: 'new', type }] })
    const { answers } = await compat({ id: 1, old: [record('int')], new: record('string'), mode: 'BACKWARD' })
    expect(answers[0].findings[0].pointer).toBe('/fields/0/type')
  })
  test('a file that is not there is exit 3, no file at all is wrong usage', async () => {
    expect(await ran(compatCommand, ['--pairs', 'nowhere'], { folder: folder.path })).toMatchObject({
      code: 3,
      err: expect.stringContaining('nowhere cannot be read'),
    })
    expect(await ran(compatCommand, [])).toMatchObject({ code: 2, err: expect.stringContaining('--pairs FILE') })
  })
  test('a file of nothing is no line', async () => {
    folder.write('empty.jsonl', '')
    expect(await ran(compatCommand, ['--pairs', 'empty.jsonl'], { folder: folder.path })).toEqual({
      code: 0,
      out: '',
      err: '',
    })
  })
})

describe('lines', () => {
  const collected = async (chunks: AsyncIterable<Uint8Array>) => {
    const lines: (string | LongLine)[] = []
    for await (const line of linesOf(chunks)) lines.push(line)
    return lines
  }
  test('end at line feeds and nowhere else, however the bytes come', async () => {
    const text = 'a\u2028b\r\nä\n\n{"x":"\u0085"}'
    const bytes = Buffer.from(text)
    const single = piped(...[...bytes].map(byte => Buffer.from([byte])))
    expect(await collected(single)).toEqual(text.split('\n'))
    expect(await collected(piped(text))).toEqual(text.split('\n'))
    expect(await collected(piped('a\n', '', 'b\n'))).toEqual(['a', 'b'])
  })
  test('that are too long are told by their start, and the next ones go on', async () => {
    const lines: (string | LongLine)[] = []
    for await (const line of linesOf(piped('12345\n123', '45', '67\n12\n123456'), 5)) lines.push(line)
    expect(lines).toEqual(['12345', { start: '1234567', bytesMax: 5 }, '12', { start: '123456', bytesMax: 5 }])
    expect(answerTo({ start: '{"id": "h", "old"', bytesMax: 5 }, 7).text).toBe(
      '{"id":"h","error":"line 7: the line is longer than 5 bytes"}',
    )
  })
})
