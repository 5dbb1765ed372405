import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sharedKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'
import { newFolder } from '../runners/cli/folder.ts'

// What users of the command see and get as exit code: 4 where trying again cannot help.

const id = randomUUID().slice(0, 8)
const names = { numbers: `bad-numbers-${id}`, others: `bad-others-${id}`, out: `bad-out-${id}` }
const copying = `
import { text, topic, topology } from 'franz'
const from = topic('${names.numbers}', { key: text, value: text })
export default topology('bad-copy-${id}', draft => draft.stream(from).to(topic('${names.out}', { key: text, value: text, partitions: 1 })))
`
const joining = `
import { text, topic, topology } from 'franz'
const from = topic('${names.numbers}', { key: text, value: text })
const other = topic('${names.others}', { key: text, value: text })
const to = topic('${names.out}', { key: text, value: text, partitions: 1 })
export default topology('bad-join-${id}', draft =>
  draft.stream(from).join(draft.table('table', other), (left, right) => left + right, { as: text }).to(to))
`
const counting = `
import { text, topic, topology, whole } from 'franz'
const from = topic('${names.numbers}', { key: text, value: text })
const to = topic('${names.others}-counts', { key: text, value: whole, partitions: 2 })
export default topology('bad-count-${id}', draft => draft.stream(from).group().count('words').changes().to(to))
`
const withSchemas = `
import { text, topic, topology } from 'franz'
import { avro } from 'franz/schemas'
const value = avro({ type: 'record', name: 'Ticket', fields: [{ name: 'id', type: 'string' }] })
const from = topic('${names.numbers}', { key: text, value })
export default topology('bad-avro-${id}', draft => draft.stream(from).to(topic('${names.out}', { key: text, value, partitions: 1 })))
`

describe.skipIf(lacks('kafka', 'kafka client'))('on Kafka the command refuses, with the fix', () => {
  const open = async () => {
    const { bootstrap } = await sharedKafka()
    const files = { 'copy.ts': copying, 'join.ts': joining, 'count.ts': counting, 'avro.ts': withSchemas }
    const { franz: command } = newFolder(files)
    const env = { FRANZ_BROKERS: bootstrap, FRANZ_CREATE_TOPICS: 'true' }
    const franz = (args: string, input?: string, more: NodeJS.ProcessEnv = {}) =>
      command(args, input, { ...env, ...more })
    await franz(`topics create ${names.numbers} --partitions 2`)
    return { franz }
  }

  test('topics to be joined that have not as many partitions', async () => {
    const { franz } = await open()
    await franz(`topics create ${names.others} --partitions 3`)
    const { code, says } = await franz('run join.ts')
    expect([code, says]).toEqual([1, expect.stringMatching(/partitions/)])
    expect(says).toMatch(/To fix: /)
  })

  test('a changelog that has not the partitions that its topology asks for', async () => {
    const { franz } = await open()
    await franz(`topics create bad-count-${id}-words-changelog --partitions 3`)
    const { code, says } = await franz('run count.ts')
    expect([code, says]).toEqual([1, expect.stringMatching(/words-changelog" has 3 partitions in the log, and 2 by/)])
  })

  test('a schema registry that is down at start', async () => {
    const { franz } = await open()
    const { code, says } = await franz('run avro.ts --registry http://127.0.0.1:9')
    expect([code, says]).toEqual([4, expect.stringMatching(/127\.0\.0\.1:9.*cannot be reached/)])
  })

  test('a transaction timeout that a commit could outlast', async () => {
    const { franz } = await open()
    const set = { FRANZ_KAFKA_TRANSACTION_TIMEOUT_MS: '5000' }
    const { code, says } = await franz('run copy.ts --commit-interval 1000', undefined, set)
    expect([code, says]).toEqual([
      3,
      expect.stringMatching(/transaction\.timeout\.ms is 5000.*at least 15000.*commit interval/),
    ])
  })
})
