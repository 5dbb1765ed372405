import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explainCommand } from '../../../schemas/commands/explain.ts'
import { type RuleCode, rules } from '../../../schemas/review/rules/index.ts'
import { ran } from './ran.ts'

const codes = Object.keys(rules) as RuleCode[]

test('the rules are those that the review promises, and each is told whole', async () => {
  const promised = [
    ...[101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112],
    ...[201, 202, 203, 204, 205, 206, 301, 302, 303, 304, 305, 306, 307, 308],
    ...[401, 402, 403, 501, 502, 503, 504, 601, 602, 603],
  ].map(number => `AV${number}`)
  expect(codes).toEqual(expect.arrayContaining(promised))
  for (const code of codes) {
    const { code: ended, out } = await ran(explainCommand, [code.toLowerCase()])
    expect(ended).toBe(0)
    for (const words of [code, rules[code].title, rules[code].what, rules[code].why, rules[code].fix])
      expect(out).toContain(words)
  }
})

test('every rule is used by the review', () => {
  const source = (folder: string): string =>
    readdirSync(folder, { withFileTypes: true })
      .map(entry => join(folder, entry.name))
      .filter(path => !path.includes('rules'))
      .map(path => (path.endsWith('.ts') ? readFileSync(path, 'utf8') : path.includes('.') ? '' : source(path)))
      .join('')
  const text = source('schemas/review')
  expect(codes.filter(code => !text.includes(`'${code}'`))).toEqual([])
})

test('without a code all are listed, an unknown one is wrong usage', async () => {
  const { out } = await ran(explainCommand, [])
  expect(out.trimEnd().split('\n')).toHaveLength(codes.length)
  expect(await ran(explainCommand, ['AV999'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is no rule AV999'),
  })
  expect(await ran(explainCommand, ['--help'])).toMatchObject({ code: 0 })
})
