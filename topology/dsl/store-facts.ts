import type { StoreFacts } from '../graph/graph.ts'
import type { Format } from '../ports/codec.ts'
import type { StoreOptions } from './stream.ts'

type AnyFormat = Format<unknown, never>

/** A store's facts; its layout line is what the lock file compares. */
export const storeFacts = (
  name: string,
  layout: string,
  key: AnyFormat,
  value: AnyFormat,
  options: StoreOptions & Partial<Pick<StoreFacts, 'retentionMs' | 'window' | 'sourceTopic'>> = {},
): StoreFacts => ({
  name,
  layout: `${layout} ${key.name} -> ${value.name}`,
  key,
  value,
  version: options.version ?? 1,
  retentionMs: options.retentionMs,
  window: options.window,
  sourceTopic: options.sourceTopic,
})
