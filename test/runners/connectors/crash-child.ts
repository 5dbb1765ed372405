// A process that takes lines from one file through a topology to another one, until it is killed.
import { fileSink, fileSource } from '../../../runners/connectors/file/index.ts'
import { EmbeddedLog } from '../../../runners/embedded/log.ts'
import { run } from '../../../runners/host/index.ts'
import { text, topic, topology } from '../../../topology/index.ts'

const [folder, input, output] = process.argv.slice(2) as [string, string, string]
const words = topic('words', { key: text, value: text, partitions: 2 })
const counted = topic('counted', { key: text, value: text, partitions: 2 })

const desk = topology('desk', draft => {
  draft
    .source('in', words)
    .group()
    .reduce('last', (_before, word) => word)
    .changes()
    .filter(word => word !== null)
    .to(counted)
  draft.sink('out', counted)
})

await run(desk, {
  log: EmbeddedLog.open(folder),
  sources: { in: fileSource({ path: input, lookMs: 1 }) },
  sinks: { out: fileSink({ path: output }) },
})
process.stdout.write('ready\n')
