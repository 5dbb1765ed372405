// Lets Apache Avro read random records that our codec wrote, and write them itself. Without --write it only compares
// with the vectors that are checked in; with --write it replaces them. Needs Java and Maven.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { compile } from '../../schemas/codec/compile.ts'
import { encoded } from '../../schemas/codec/encode.ts'
import { defaultLimits } from '../../schemas/codec/limits.ts'
import { randomSchemas } from './random-schemas.ts'
import { ValueMaker } from './random-values.ts'

const here = import.meta.dirname
const figures = { seed: 20_260_201, schemas: 200, values: 20, outputBytesMax: 64 * 1024 * 1024 } as const

const ask = (lines: readonly string[]): string[] => {
  const project = `${here}/java`
  execFileSync('mvn', ['-q', '-B', '-f', `${project}/pom.xml`, 'package'], { stdio: 'inherit' })
  const classPath = `${project}/target/classes:${project}/target/lib/*`
  const input = `${lines.join('\n')}\n`
  const options = { input, maxBuffer: figures.outputBytesMax }
  return execFileSync('java', ['-cp', classPath, 'franz.bytes.Bytes'], options).toString().trimEnd().split('\n')
}

const asked = randomSchemas(figures.seed, figures.schemas).map(({ text, schema, chance }) => {
  const parts = {
    place: { topic: 'vectors', part: 'key' },
    schema,
    type: compile(schema, 'bigint'),
    limits: defaultLimits,
  } as const
  const maker = new ValueMaker(chance)
  const ours = Array.from({ length: figures.values }, () =>
    Buffer.from(encoded(parts, maker.of(schema), { id: undefined, from: 0 })).toString('hex'),
  )
  return { schema: JSON.parse(text), ours }
})
const answers = ask(asked.map(line => JSON.stringify(line)))
const lines = asked.map((line, index) => JSON.stringify({ ...line, ...JSON.parse(answers[index]!) }))

const file = `${here}/vectors/bytes.jsonl.gz`
const text = `${lines.join('\n')}\n`
console.log(
  `${lines.length} schemas, ${figures.schemas * figures.values} records, ${gzipSync(text, { level: 9 }).length} bytes packed`,
)
if (process.argv.includes('--write')) writeFileSync(file, gzipSync(text, { level: 9 }))
else if (gunzipSync(readFileSync(file)).toString() !== text) {
  console.error('the vectors differ from what Apache Avro answers now: look at them, then run this again with --write')
  process.exitCode = 1
}
