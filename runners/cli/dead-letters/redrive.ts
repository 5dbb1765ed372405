import type { LogRecord, Member, Partition, StoredRecord } from '../../../topology/ports/log.ts'
import { CommandError } from '../command.ts'
import type { OpenedLog } from '../open-log.ts'
import { Progress } from '../progress.ts'
import { headersBack, letterOf } from './letter.ts'

const batchRecordsMax = 500
const emptyFetchesMax = 100
/** Joining the group takes a moment where brokers hand out partitions. */
const joinMsMax = 30_000
const waitMs = 200

/** A record that goes back, and where to. */
export interface Sent {
  readonly from: Partition & { readonly offset: number }
  readonly to: Partition
  readonly attempt: number
}

type Back = readonly [sent: Sent, record: LogRecord]

/** A dead letter as it goes back to the partition that it came from. */
const backOf = async ({ log }: OpenedLog, at: Partition, record: StoredRecord): Promise<Back> => {
  const where = `${at.topic}-${at.partition}, offset ${record.offset}`
  const letter = letterOf(record)
  if (letter === undefined)
    throw new CommandError('failed', `${where} does not say which record it was, so that it cannot go back.`)
  const { topic, partition } = letter.origin
  const known = await log.topic(topic)
  if (known === undefined || partition >= known.partitions)
    throw new CommandError('failed', `${where} came from ${topic}-${partition}, which is not there any more.`)
  const attempt = letter.attempt + 1
  const { key, value, headers } = record
  const sent = { from: { ...at, offset: record.offset }, to: { topic, partition }, attempt }
  return [sent, { key, value, timestamp: Date.now(), headers: headersBack(headers, attempt) }]
}

const appendsOf = (back: readonly Back[]) => back.map(([{ to }, record]) => ({ ...to, records: [record] }))

/** Sends back one letter, again and again if it is asked for. */
export const redriveOne = async (opened: OpenedLog, at: Partition, offset: number, dry: boolean): Promise<Sent[]> => {
  const { records } = await opened.log.read(at, offset, 1)
  if (records[0]?.offset !== offset)
    throw new CommandError('failed', `there is no record at ${at.topic}-${at.partition}, offset ${offset}.`)
  const back = await backOf(opened, at, records[0])
  if (!dry) await opened.operations.append(appendsOf([back]))
  return [back[0]]
}

/**
 * Sends back every letter that has not been sent back yet: records and position are one commit of the group
 * `redrive.TOPIC`, so that none goes twice, whatever breaks off.
 */
export const redriveAll = async (opened: OpenedLog, topic: string, total: number, dry: boolean): Promise<Sent[]> => {
  // What fails again comes back here: it is left for the next time.
  const ends = new Map<number, number>()
  for (let partition = 0; partition < (await opened.log.topic(topic))!.partitions; partition++)
    ends.set(partition, (await opened.log.ends({ topic, partition })).next)
  const own: Partition[] = []
  const member = await opened.log.join(`redrive.${topic}`, `process-${process.pid}`, [topic], {
    assigned: partitions => void own.push(...partitions),
    revoked: () => {},
    lost: () => {},
  })
  try {
    // A group of several processes hands its partitions over in fetches.
    for (const endMs = performance.now() + joinMsMax; own.length < ends.size && performance.now() < endMs; )
      await member.fetch(1, waitMs)
    return await sendAll(opened, member, own, ends, total, dry)
  } finally {
    await member.close()
  }
}

const sendAll = async (
  opened: OpenedLog,
  member: Member,
  own: readonly Partition[],
  ends: ReadonlyMap<number, number>,
  total: number,
  dry: boolean,
) => {
  const progress = new Progress('sent back', total)
  const sent: Sent[] = []
  const left = new Set(ends.keys())
  for (let empty = 0; left.size > 0 && empty < emptyFetchesMax; ) {
    member.resume(own)
    const fetched = await member.fetch(batchRecordsMax, waitMs)
    const back: Back[] = []
    for (const { partition, next, drained } of fetched)
      if (drained || next >= ends.get(partition)!) left.delete(partition)
    for (const { topic, partition, records } of fetched)
      for (const record of records)
        if (record.offset < ends.get(partition)!) back.push(await backOf(opened, { topic, partition }, record))
    if (back.length === 0) {
      empty++
      continue
    }
    empty = 0
    const positions = fetched.map(({ topic, partition, next }) => {
      return { topic, partition, offset: Math.min(next, ends.get(partition)!) }
    })
    const outcome = dry ? 'committed' : await member.commit({ appends: appendsOf(back), changes: [], positions })
    if (outcome !== 'committed') {
      for (const partition of ends.keys()) left.add(partition)
      await member.recover()
      continue
    }
    sent.push(...back.map(([each]) => each))
    progress.at(sent.length)
  }
  progress.end()
  return sent
}
