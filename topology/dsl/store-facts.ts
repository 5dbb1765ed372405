import { TopologyError } from '../errors.ts'
import type { StoreFacts } from '../graph/graph.ts'
import type { Format } from '../ports/codec.ts'
import { type Duration, millis } from './duration.ts'
import type { RowOptions } from './stream.ts'

type AnyFormat = Format<unknown, never>

/** A store's facts; its layout line is what the lock file compares. */
export const storeFacts = (
  name: string,
  layout: string,
  key: AnyFormat,
  value: AnyFormat,
  options: RowOptions & Partial<Pick<StoreFacts, 'retentionMs' | 'window' | 'sourceTopic'>> = {},
): StoreFacts => ({
  name,
  layout: `${layout} ${key.name} -> ${value.name}`,
  key,
  value,
  version: options.version ?? 1,
  retentionMs: options.expire === undefined ? options.retentionMs : expireMs(name, options.expire),
  window: options.window,
  sourceTopic: options.sourceTopic,
})

const expireMs = (store: string, expire: Duration): number => {
  const ms = millis(expire, `expire of ${store}`)
  if (ms > 0) return ms
  throw new TopologyError('OPTION_WRONG', `expire of ${store}`, 'it must be longer than nothing')
}
