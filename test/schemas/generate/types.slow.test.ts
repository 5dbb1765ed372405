import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isNamed, type Schema } from '../../../schemas/avro/schema.ts'
import { avro } from '../../../schemas/codec/avro.ts'
import type { LongMode } from '../../../schemas/codec/shape.ts'
import { generate } from '../../../schemas/generate/generate.ts'
import type { Codec } from '../../../topology/index.ts'
import { type RandomSchema, randomSchemas } from '../../conformance-avro-bytes/random-schemas.ts'
import { ValueMaker } from '../../conformance-avro-bytes/random-values.ts'
import { lenient, literal, wrong } from './literals.ts'

const figures = { seed: 20_260_401, schemas: 200, right: 4, wrong: 20, depth: 2 } as const
const limits = { patienceMs: 300_000, literalCharsMax: 20_000 } as const
const root = join(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'franz-types-'))
afterAll(() => rmSync(folder, { recursive: true }))

const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023'],
    module: 'nodenext',
    strict: true,
    noUnusedLocals: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  },
  include: ['*/*.ts'],
}

/** One line of TypeScript, and whether the compiler is to refuse it. */
interface Statement {
  readonly text: string
  readonly refused: boolean
}

const evaluated = (text: string): unknown => new Function(`return ${text}`)()

/** Right and wrong values of a schema, which the codec must take and refuse just as the compiler. */
const statements = async (
  { text, schema, chance }: RandomSchema,
  name: string,
  long: LongMode,
): Promise<readonly Statement[]> => {
  const codec: Codec<unknown> = await avro<unknown>(text, { long }).open({ topic: 'typed', part: 'key' }, undefined)
  const maker = new ValueMaker(chance, long)
  const made: Statement[] = []
  const add = (as: string, value: string, refused: boolean) => {
    if (value.length > limits.literalCharsMax) return
    made.push({ text: `export const v${made.length}: own.${as} = ${value}`, refused })
  }
  for (let turn = 0; turn < figures.right; turn++) {
    const value = maker.of(schema, figures.depth)
    const [whole, less] = [literal(schema, value, long, () => undefined), literal(schema, value, long, lenient(chance))]
    expect(codec.decode(codec.encode(evaluated(whole))), text).toEqual(value)
    expect(() => codec.encode(evaluated(less)), `${text} ${less}`).not.toThrow()
    add(name, whole, false)
    add(inputOf(schema, name), less, false)
    // The codec passes over fields that it does not know; only the compiler sees that one was misspelt.
    if (schema.type === 'record') add(inputOf(schema, name), whole.replace('{', '{ extraneous: 1,'), true)
  }
  for (let turn = 0; turn < figures.wrong; turn++) {
    const value = maker.of(schema, figures.depth)
    const side = turn % 2 === 0 ? 'write' : 'read'
    const bad = wrong(schema, value, long, side, chance)
    if (bad === undefined) continue
    if (side === 'write') expect(() => codec.encode(evaluated(bad)), `${text} ${bad}`).toThrow()
    add(side === 'write' ? inputOf(schema, name) : name, bad, true)
  }
  return made
}

const inputOf = (schema: Schema, name: string): string =>
  schema.type === 'enum' || schema.type === 'fixed' ? name : `${name}Input`

/** The file with the root's types, and the name that they have there. */
const homeOf = (schema: Schema, files: readonly { readonly path: string; readonly text: string }[]) => {
  const name = isNamed(schema) ? schema.name : 'Root'
  const pattern = new RegExp(`export (?:interface|type) ${name}\\b`)
  const namespace = isNamed(schema) ? `${schema.namespace || 'no-namespace'}.ts` : undefined
  return { name, path: namespace ?? files.find(({ text }) => pattern.test(text))!.path }
}

test('200 random schemas compile, and the compiler takes and refuses what the codec does', {
  timeout: limits.patienceMs,
}, async () => {
  const refusals = new Set<string>()
  let taken = 0
  for (const [index, each] of randomSchemas(figures.seed, figures.schemas).entries()) {
    const inside = join(folder, `s${index}`)
    const long = index % 4 === 0 ? 'number' : 'bigint'
    mkdirSync(inside)
    const files = generate([{ file: 'root.avsc', text: each.text }], {
      door: relative(inside, join(root, 'schemas/codec/index.ts')),
      long,
    })
    for (const { path, text } of files) writeFileSync(join(inside, path), text)
    const { name, path } = homeOf(each.schema, files)
    const lines = [`import type * as own from './${path}'`]
    for (const { text, refused } of await statements(each, name, long)) {
      if (refused) refusals.add(`s${index}/use.ts:${lines.push('// refuses') + 1}`)
      else taken++
      lines.push(text)
    }
    writeFileSync(join(inside, 'use.ts'), `${lines.join('\n')}\n`)
  }
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  const compiled = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    },
  )
  const errors = new Map(
    [...compiled.stdout.matchAll(/^(s\d+\/[^(]+)\((\d+),\d+\): (error .*)$/gm)].map(([, file, line, words]) => [
      `${file}:${line}`,
      words,
    ]),
  )
  expect([...errors].filter(([place]) => !refusals.has(place))).toEqual([])
  expect([...refusals].filter(place => !errors.has(place))).toEqual([])
  expect(refusals.size).toBeGreaterThan(figures.schemas * figures.wrong * 0.8)
  expect(taken).toBeGreaterThan(figures.schemas * figures.right)
})
