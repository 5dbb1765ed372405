import type { TopicKeeping } from '../graph/graph.ts'
import { type Duration, millis } from './duration.ts'

/**
 * What a topic keeps where a log makes it: all of it for ever, unless it says something else.
 * @example const month: Keeping = { retention: '30d' }
 */
export interface Keeping {
  /** `compact`: the last record of each key, for ever; a record without a value deletes its key. */
  readonly cleanup?: 'delete' | 'compact' | undefined
  /** How old its records become, by their timestamps. */
  readonly retention?: Duration | undefined
  /** How many bytes each of its partitions keeps at least; what is older goes in whole batches. */
  readonly retentionBytes?: number | undefined
}

export const keepingOf = (topic: string, { cleanup, retention, retentionBytes }: Keeping): TopicKeeping => ({
  cleanup,
  retentionMs: retention === undefined ? undefined : millis(retention, `retention of the topic ${topic}`),
  retentionBytes,
})
