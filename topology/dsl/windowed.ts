import type { Format } from '../ports/codec.ts'
import { type Windowed, windowedFormat } from '../windowed.ts'
import { type Duration, millis } from './duration.ts'

/**
 * The format of a key with its window, as Kafka Streams writes it; records go to the partition of their key alone. Give
 * the size of tumbling or hopping windows, what sliding windows span, or `'session'`.
 * @example topic('tickets-per-hour', { key: windowed(text, '1h'), value: whole })
 */
export const windowed = <K, KIn>(
  key: Format<K, KIn>,
  lasts: Duration | 'session',
): Format<Windowed<K>, Windowed<KIn>> =>
  windowedFormat(key, lasts === 'session' ? lasts : millis(lasts, 'the size of windowed keys'))
