import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { told } from '../tidy/tree.ts'
import { type CompilerError, compile, libraryConfig } from './tsc.ts'

const folder = fileURLToPath(new URL('./refusals/', import.meta.url))
const atLeast = 50

/** What a comment over a wrong line expects: the words, the line beneath, and the column of the code that is blamed. */
interface Refusal {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly words: string
}

const comment = /^\s*\/\/ refuses at `(.+)`: (.+)$/

const refusalsIn = (file: string): Refusal[] => {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n')
  return lines.flatMap((text, at) => {
    const [, blamed, words] = comment.exec(text) ?? []
    if (words === undefined) return []
    const code = lines[at + 1] ?? ''
    const place = code.indexOf(blamed!) + 1
    if (place === 0) throw new Error(`${file}:${at + 1}: the line beneath has no ${blamed}`)
    return [{ file, line: at + 2, column: place, words }]
  })
}

const meets = (refusal: Refusal, error: CompilerError): boolean =>
  error.file.endsWith(`/${refusal.file}`) && error.line === refusal.line

test('each wrong program is refused at the argument at fault, in words that name the cause, and nothing else is', async () => {
  const refusals = readdirSync(folder)
    .filter(file => file.endsWith('.ts'))
    .flatMap(refusalsIn)
  expect(refusals.length).toBeGreaterThanOrEqual(atLeast)
  const scratch = mkdtempSync(join(tmpdir(), 'franz-refusals-'))
  try {
    const project = join(scratch, 'tsconfig.json')
    const compilerOptions = { composite: false, declaration: false, noEmit: true, rootDir: '/', types: [] }
    writeFileSync(
      project,
      JSON.stringify({ extends: libraryConfig, compilerOptions, include: [`${folder.replaceAll('\\', '/')}*.ts`] }),
    )
    const errors = await compile(project)
    const wrong = refusals.flatMap(refusal => {
      const { file, line, column, words } = refusal
      const found = errors.filter(error => meets(refusal, error))
      const [error] = found
      if (error === undefined) return [`${file}:${line}: compiles, and should be refused: ${words}`]
      if (!error.message.includes(words)) return [`${file}:${line}: "${words}" is not in: ${error.message}`]
      if (error.column !== column) {
        return [`${file}:${line}: column ${error.column} is blamed, not ${column}: ${error.message}`]
      }
      return []
    })
    const others = errors
      .filter(error => !refusals.some(refusal => meets(refusal, error)))
      .map(({ file, line, message }) => `${file}:${line}: nobody expected: ${message}`)
    expect(told([...wrong, ...others])).toBe('')
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})
