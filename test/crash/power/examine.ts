import { EmbeddedLog } from '../../../runners/embedded/log.ts'
import { Folder } from '../oracle/folder.ts'

// Opens what a power loss has left, in a process of its own: a broken file can end it.

export interface Verdict {
  /** How many commits are there. */
  readonly commits: number
  readonly wrong: string | undefined
}

const topic = 'numbers'

const examined = async (path: string): Promise<Verdict> => {
  const log = EmbeddedLog.open(path)
  await log.close()
  const folder = new Folder(path)
  const commits = folder.position('counting', topic, 0)
  const records = folder.records(topic, 0)
  const [entry] = folder.store('counting-sums-changelog', 0)
  const expected = Array.from({ length: commits }, (_, at) => Array.from({ length: at + 1 }, () => at + 1)).flat()
  const last = entry?.[1] ?? '0'
  await folder.close()
  const at = expected.findIndex((commit, index) => {
    const value = Buffer.alloc(150 * (1 + (commit % 40)), String(commit)).toString('latin1')
    return records[index]?.timestamp !== commit || records[index]?.value !== value
  })
  if (at >= 0 || records.length !== expected.length)
    return { commits, wrong: `after commit ${commits} there are ${records.length} records, wrong from ${at} on` }
  if (last !== String(commits)) return { commits, wrong: `after commit ${commits} the store says ${last}` }
  return { commits, wrong: await goesOn(path, commits) }
}

/** The folder takes a further commit, and keeps it. */
const goesOn = async (path: string, commits: number): Promise<string | undefined> => {
  const log = EmbeddedLog.open(path)
  await log.create([{ name: topic, partitions: 1, cleanup: 'delete' }])
  log.append([{ to: { topic, partition: 0 }, records: [{ key: null, value: null, timestamp: 1, headers: [] }] }])
  const { next } = await log.ends({ topic, partition: 0 })
  await log.close()
  const expected = (commits * (commits + 1)) / 2 + 1
  return next === expected ? undefined : `after one more record there are ${next}, not ${expected}`
}

process.on('message', (path: string) => {
  examined(path).then(
    verdict => process.send!(verdict),
    error => process.send!({ commits: 0, wrong: `it cannot be read: ${(error as Error).message}` }),
  )
})
process.on('disconnect', () => process.exit())
