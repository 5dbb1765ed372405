import { expect, test } from 'vitest'
import { bare, functionsOf, importsOf } from './source.ts'

test('comments and strings are blanked, code stays where it was', () => {
  expect(bare(`const a = 'any' // any\nlet b /* any\nany */ = 1`)).toBe(
    `const a =             \nlet b       \n       = 1`,
  )
  expect(bare('const a = /any\\/[/any]any/g.test(b) / any / 2')).toBe(`const a = ${' '.repeat(17)}.test(b) / any / 2`)
  const templates = [
    [`a = \`any \${b + \`any \${any}\`} any\` + any`, `a = \`    \${b + \`    \${any}\`}    \` + any`],
    [`\`a\` + \`\${{ any: \`}\` }}\``, `\` \` + \`\${{ any: \` \` }}\``],
  ] as const
  for (const [code, blanked] of templates) expect(bare(code)).toBe(blanked)
})

test('imports are seen however they are written', () => {
  const text = `import { a, type B } from './one.ts'
import type { C } from '../two.ts'
import { type D } from 'three'
export * from './four.ts'
import './five.ts'
import six, {
  seven,
} from 'node:fs'
const late = await import('./eight.ts')
`
  expect(importsOf({ path: 'room/sub/file.ts', text })).toEqual([
    { line: 1, from: './one.ts', path: 'room/sub/one.ts', typesOnly: false },
    { line: 2, from: '../two.ts', path: 'room/two.ts', typesOnly: true },
    { line: 3, from: 'three', path: undefined, typesOnly: true },
    { line: 4, from: './four.ts', path: 'room/sub/four.ts', typesOnly: false },
    { line: 5, from: './five.ts', path: 'room/sub/five.ts', typesOnly: false },
    { line: 6, from: 'node:fs', path: undefined, typesOnly: false },
    { line: 9, from: './eight.ts', path: 'room/sub/eight.ts', typesOnly: false },
  ])
})

test('functions are measured from their first line to their last', () => {
  const text = `const one = (a: number): { readonly b: string } => {
  if (a > 1) {
    return {}
  }
}

class Two {
  three(
    a: number,
    b: string,
  ): void {
    for (const c of b) {
      this.four(c, () => {
        done()
      })
    }
  }
}

function five<T>(a: T): T {
  return a
}
`
  expect(functionsOf(text)).toEqual([
    { line: 1, lines: 5 },
    { line: 8, lines: 10 },
    { line: 13, lines: 3 },
    { line: 20, lines: 3 },
  ])
})
