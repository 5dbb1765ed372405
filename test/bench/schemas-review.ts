// The review and compat as a user runs them: a process of their own, from cold, on files.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { jsonText } from '../../schemas/avro/json.ts'
import { pairVectors } from '../conformance-avro/vectors.ts'
import { type Figure, figure, median } from './figure.ts'

const size = { schemas: 500, fields: 20, pairs: 2_000, rounds: 3 } as const
const goals = { reviewSeconds: 2, reviewMegabytes: 300, compatSeconds: 5 } as const

const types = [
  'string',
  'long',
  ['null', 'string'],
  { type: 'long', logicalType: 'timestamp-millis' },
  { type: 'array', items: 'string' },
  { type: 'map', values: 'double' },
  { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 },
]

/** A record such as people have: twenty fields, an enum, a record inside an array. */
const schemaOf = (index: number, isNew: boolean) => ({
  type: 'record',
  name: `Event${index}`,
  namespace: `shop.area${index % 10}`,
  doc: 'What happened to an order, and when.',
  fields: [
    ...Array.from({ length: size.fields }, (_, at) => ({
      name: `field${at}`,
      type: types[(at + index) % types.length],
    })),
    { name: 'status', type: { type: 'enum', name: `Status${index}`, symbols: isNew ? ['A', 'B', 'C'] : ['A', 'B'] } },
    {
      name: 'lines',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: `Line${index}`,
          fields: [
            { name: 'sku', type: 'string' },
            ...(isNew && index % 3 === 0 ? [{ name: 'count', type: 'int' }] : []),
          ],
        },
      },
    },
    ...(isNew ? [{ name: 'note', type: ['null', 'string'], default: null }] : []),
  ],
})

interface Run {
  readonly seconds: number
  readonly megabytes: number
}

const program = resolve(import.meta.dirname, '../../schemas/bin/franz-schemas.ts')
const tellsMemory =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("kB "+process.resourceUsage().maxRSS))'

/** Runs the program; its words go to a file. */
const run = (folder: string, args: readonly string[]): Promise<Run> =>
  new Promise((done, failed) => {
    const begin = performance.now()
    const child = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '--import', tellsMemory, program, ...args],
      {
        cwd: folder,
      },
    )
    let complaints = ''
    child.stdout.pipe(createWriteStream(join(folder, 'out')))
    child.stderr.on('data', chunk => {
      complaints += String(chunk)
    })
    child.on('error', failed)
    child.on('close', code => {
      const kilobytes = Number(/kB (\d+)$/.exec(complaints)?.[1])
      if (code === 0) done({ seconds: (performance.now() - begin) / 1_000, megabytes: kilobytes / 1_024 })
      else failed(new Error(`${args.join(' ')} ended with ${code}: ${complaints}`))
    })
  })

const rounds = async (folder: string, args: readonly string[]): Promise<Run> => {
  const runs: Run[] = []
  for (let round = 0; round < size.rounds; round++) runs.push(await run(folder, args))
  return { seconds: median(runs.map(each => each.seconds)), megabytes: Math.max(...runs.map(each => each.megabytes)) }
}

const prepare = async (folder: string): Promise<void> => {
  for (const side of ['old', 'new']) await mkdir(join(folder, side))
  for (let index = 0; index < size.schemas; index++) {
    for (const side of ['old', 'new'])
      await writeFile(
        join(folder, side, `event${index}.avsc`),
        JSON.stringify(schemaOf(index, side === 'new'), undefined, 2),
      )
  }
  const lines = pairVectors(size.pairs).map(
    (pair, id) => `{"id":${id},"old":[${jsonText(pair.old)}],"new":${jsonText(pair.new)},"mode":"FULL"}`,
  )
  await writeFile(join(folder, 'pairs.jsonl'), `${lines.join('\n')}\n`)
}

const hundredths = (value: number): number => Math.round(value * 100) / 100

/** How long a review of many schemas and a check of many pairs take, start of the process and all. */
export const figures = async (): Promise<Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'franz-bench-'))
  try {
    await prepare(folder)
    const review = await rounds(folder, ['review', 'new', '--against', 'old', '--format', 'json', '--fail-on', 'never'])
    const compat = await rounds(folder, ['compat', '--pairs', 'pairs.jsonl'])
    return [
      figure(`${size.schemas} schemas reviewed, from cold`, hundredths(review.seconds), 's', {
        most: goals.reviewSeconds,
      }),
      figure('memory of that review', Math.round(review.megabytes), 'MB', { most: goals.reviewMegabytes }),
      figure(`${size.pairs} pairs checked, from cold`, hundredths(compat.seconds), 's', { most: goals.compatSeconds }),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
