import type { TopicSettings } from '../../topology/ports/log.ts'

/** A dead letter is larger than the record that it was made of: whatever topic took that one, this one takes it, too. */
const deadLetterBytesMax = 128 * 1024 * 1024

/** What a topic of ours is made with, by the broker's own names. */
export const configOf = (topic: TopicSettings): Record<string, string> => ({
  'cleanup.policy': topic.cleanup,
  // Records keep the time that they have: brokers refuse a time that is far ahead of their clocks by default.
  'message.timestamp.after.max.ms': '9223372036854775807',
  ...(topic.purpose === 'dead letters' && { 'max.message.bytes': String(deadLetterBytesMax) }),
  ...(topic.cleanup === 'delete' && { 'retention.ms': String(topic.retentionMs ?? -1) }),
  ...(topic.tombstonesMs !== undefined && { 'delete.retention.ms': String(topic.tombstonesMs) }),
  ...(topic.segmentMs !== undefined && { 'segment.ms': String(topic.segmentMs) }),
  ...(topic.segmentBytes !== undefined && { 'segment.bytes': String(topic.segmentBytes) }),
})
