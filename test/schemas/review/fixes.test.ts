import { expect, test } from 'vitest'
import { parseSchema } from '../../../schemas/avro/parse.ts'
import type { Edit } from '../../../schemas/review/finding.ts'
import { review } from '../../../schemas/review/review.ts'
import { codesOf, field, find, order } from './orders.ts'

/** Makes the edits as a reader of the report would: by line and column, the last one first. */
const edited = (text: string, edits: readonly Edit[]): string => {
  const lines = text.split('\n')
  for (const { line, col, endLine, endCol, newText } of edits.toReversed()) {
    const [before, after] = [lines[line - 1]!.slice(0, col - 1), lines[endLine - 1]!.slice(endCol - 1)]
    lines.splice(line - 1, endLine - line + 1, ...(before + newText + after).split('\n'))
  }
  return lines.join('\n')
}

const a = field('a', 'int')
const enumOf = (symbols: string[], more: object = {}) => ({ type: 'enum', name: 'E', symbols, ...more })

test.each([
  ['AV101', 'int', order([a]), order([a, field('b', 'int')])],
  ['AV101', 'a nullable string', order([a]), order([a, field('b', ['null', 'string'])])],
  ['AV101', 'an array', order([a]), order([a, field('b', { type: 'array', items: 'int' })])],
  ['AV101', 'an enum', order([a]), order([a, field('b', enumOf(['X']))])],
  ['AV101', 'a record', order([a]), order([a, field('b', { type: 'record', name: 'B', fields: [a] })])],
  ['AV101', 'a uuid', order([a]), order([a, field('b', { type: 'string', logicalType: 'uuid' })])],
  ['AV103', 'a renamed field', order([a]), order([field('a2', 'int')])],
  ['AV108', 'a symbol removed', order([field('e', enumOf(['X', 'Y']))]), order([field('e', enumOf(['X']))])],
  ['AV112', 'a renamed record', order([a]), order([a], { name: 'shop.Purchase' })],
  ['AV201', 'a moved namespace', order([a]), order([a], { name: 'store.Order' })],
])('%s: the edit for %s makes the finding go away', (code, _what, old, next) => {
  for (const spaces of [undefined, 2]) {
    const text = JSON.stringify(next, undefined, spaces)
    const reviewText = (newText: string) =>
      review({
        against: 'main',
        mode: 'BACKWARD',
        subjects: [
          {
            subject: 'orders-value',
            file: 'orders.avsc',
            schema: parseSchema(newText, { file: 'orders.avsc' }),
            versions: [{ label: 'main', schema: parseSchema(JSON.stringify(old)) }],
          },
        ],
      })
    const report = reviewText(text)
    const { edits } = find(report, code).fix!
    expect(edits.length).toBeGreaterThan(0)
    const after = reviewText(edited(text, edits))
    // A renamed record still breaks old readers: there the direction is what an alias mends.
    const left = after.findings.filter(finding => finding.code === code && finding.direction !== 'forward')
    expect(left).toEqual([])
    expect(after.counts.error).toBe(0)
  }
})

test('a symbol for unknown values is preferred as the default of an enum', () => {
  const [old, next] = [
    order([field('e', enumOf(['A', 'UNKNOWN']))]),
    order([field('e', enumOf(['A', 'UNKNOWN', 'B']))]),
  ]
  const versions = [{ label: 'main', schema: parseSchema(JSON.stringify(old)) }]
  const subject = { subject: 's', file: 'f', schema: parseSchema(JSON.stringify(next)), versions }
  const report = review({ against: 'main', subjects: [subject] })
  expect(find(report, 'AV109').fix!.edits[0]!.newText).toBe(', "default": "UNKNOWN"')
  expect(codesOf(report)).toContain('AV206')
})
