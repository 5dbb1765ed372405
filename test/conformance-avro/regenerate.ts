// Asks Apache Avro for its verdict on seeded random pairs. Without --write it only compares with the vectors that are
// checked in; with --write it replaces them. Needs Java and Maven.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { mutate } from './mutate.ts'
import { chance } from './random.ts'
import { type Loose, SchemaMaker } from './random-schema.ts'
import { tangledPair } from './tangled.ts'

const here = import.meta.dirname
const figures = { seed: 20_260_101, pairs: 12_000, schemas: 3_000, outputBytesMax: 64 * 1024 * 1024 } as const

/** Two schemas to compare: half are neighbours, the rest met by chance. */
const pairOf = (seed: number): { old: Loose; new: Loose } => {
  const source = chance(seed)
  if (source.often(0.2)) return tangledPair(source)
  const old = source.often(0.7) ? new SchemaMaker(source).record(4, '') : new SchemaMaker(source).schema(4)
  const neighbour = source.often(0.75)
  if (neighbour) return { old, new: mutate(old, source) }
  const stranger = new SchemaMaker(source).record(3, '')
  return { old, new: old.name === undefined ? stranger : { ...stranger, name: old.name, namespace: old.namespace } }
}

const ask = (lines: readonly string[]): string[] => {
  const project = `${here}/java`
  execFileSync('mvn', ['-q', '-B', '-f', `${project}/pom.xml`, 'package'], { stdio: 'inherit' })
  const classPath = `${project}/target/classes:${project}/target/lib/*`
  const answered = execFileSync('java', ['-cp', classPath, 'franz.avro.Verdicts'], {
    input: `${lines.join('\n')}\n`,
    maxBuffer: figures.outputBytesMax,
  })
  return answered.toString().trimEnd().split('\n')
}

const pairLines = (): { pairs: string[]; schemas: string[] } => {
  const made = Array.from({ length: figures.pairs * 3 }, (_, index) => pairOf(figures.seed + index))
  const answers = ask(made.map(pair => `${JSON.stringify(pair.old)}\t${JSON.stringify(pair.new)}`))
  const pairs: string[] = []
  const unsure = new Set<string>()
  for (const [index, pair] of made.entries()) {
    const answer = answers[index]!
    if (answer === 'pp') unsure.add(JSON.stringify(pair.new))
    else if (pairs.length < figures.pairs)
      pairs.push(JSON.stringify({ ...pair, backward: answer[0], forward: answer[1] }))
  }
  return { pairs, schemas: [...unsure] }
}

/** Schemas that Avro refuses, and as many that it takes. */
const schemaLines = (unsure: readonly string[], pairs: readonly string[]): string[] => {
  const sure = pairs.map(line => JSON.stringify(JSON.parse(line).new))
  const asked = [...unsure.slice(0, figures.schemas / 2), ...sure.slice(0, figures.schemas / 2)]
  return ask(asked).map((answer, index) => `{"schema":${asked[index]},"accepted":${answer === 'y'}}`)
}

const { pairs, schemas } = pairLines()
const vectors = { pairs, schemas: schemaLines(schemas, pairs) }
let same = true
for (const [name, lines] of Object.entries(vectors)) {
  const file = `${here}/vectors/${name}.jsonl.gz`
  const text = `${lines.join('\n')}\n`
  if (process.argv.includes('--write')) writeFileSync(file, gzipSync(text, { level: 9 }))
  else same &&= gunzipSync(readFileSync(file)).toString() === text
  console.log(`${name}: ${lines.length} lines, ${gzipSync(text, { level: 9 }).length} bytes packed`)
}
// Texts written by hand, for what no generator of JSON makes: only the answers are regenerated.
const textFile = `${here}/vectors/texts.jsonl`
const written = readFileSync(textFile, 'utf8')
const texts: string[] = written
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line).text)
const answers = ask(texts).map((answer, index) => JSON.stringify({ text: texts[index], accepted: answer === 'y' }))
const answered = `${answers.join('\n')}\n`
if (process.argv.includes('--write')) writeFileSync(textFile, answered)
else same &&= answered === written
console.log(`texts: ${texts.length} lines`)
if (!same) {
  console.error('the vectors differ from what Apache Avro answers now: look at them, then run this again with --write')
  process.exitCode = 1
}
