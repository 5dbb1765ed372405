import type { Log, Partition, Store } from '../ports/log.ts'

/** Changelog records applied in one write. */
const restoreRecordsMax = 10_000

/**
 * Brings a store to the committed end of its changelog: from its checkpoint where that belongs to this very changelog
 * and is young enough for deletions to be still in the log, else from nothing. Gives how many records it applied.
 */
export const restore = async (
  log: Pick<Log, 'id' | 'topic' | 'ends' | 'read'>,
  changelog: Partition,
  store: Store,
  nowMs: number,
  checkpointAgeMsMax = Number.POSITIVE_INFINITY,
  progress: (applied: number, left: number) => void = () => {},
): Promise<number> => {
  const info = await log.topic(changelog.topic)
  const topicId = info?.id ?? ''
  const { first, next } = await log.ends(changelog)
  const { checkpoint } = store
  const usable =
    checkpoint !== undefined &&
    checkpoint.logId === log.id &&
    checkpoint.topicId === topicId &&
    checkpoint.offset <= next &&
    nowMs - checkpoint.timeMs <= checkpointAgeMsMax
  if (checkpoint !== undefined && !usable) await store.clear()
  let offset = usable ? Math.max(checkpoint.offset, first) : first
  let applied = 0
  while (offset < next) {
    const fetched = await log.read(changelog, offset, restoreRecordsMax)
    const entries = fetched.records.map(({ key, value }) => [key!, value] as const)
    offset = fetched.next
    applied += entries.length
    await store.write(entries, { logId: log.id, topicId, offset, timeMs: nowMs })
    progress(applied, next - offset)
  }
  return applied
}
