import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, told } from '../tidy/tree.ts'
import { compile, libraryConfig } from '../types/tsc.ts'
import { examples, knownNames, moduleOf, shelves } from './examples.ts'

test.each(shelves)('every example in a comment of what $doors hand out compiles', async shelf => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-examples-'))
  try {
    const known = knownNames(shelf)
    const written = new Map(
      examples(shelf).map((example, number) => {
        const { text, linesBefore } = moduleOf(example, known)
        writeFileSync(join(folder, `example-${number}.ts`), text)
        return [`example-${number}.ts`, { ...example, linesBefore }]
      }),
    )
    expect(written.size).toBeGreaterThan(40)
    const compilerOptions = {
      composite: false,
      declaration: false,
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
      verbatimModuleSyntax: false,
      rewriteRelativeImportExtensions: false,
      rootDir: '/',
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
    }
    const project = join(folder, 'tsconfig.json')
    writeFileSync(project, JSON.stringify({ extends: libraryConfig, compilerOptions, include: ['./*.ts'] }))
    const errors = (await compile(project)).map(({ file, line, message }) => {
      const example = written.get(file)
      if (example === undefined) return `${file}:${line}: ${message}`
      const { path, code, linesBefore } = example
      const at = line - linesBefore
      return `${path}:${example.line + at - 1}: ${message}\n    ${code.split('\n')[at - 1]}`
    })
    expect(told(errors)).toBe('')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
