import { TopologyError } from '../errors.ts'

/**
 * A time span: `'500ms'`, `'30s'`, `'5m'`, `'4h'`, `'7d'`, or a number of milliseconds.
 * @example const spans: Duration[] = ['500ms', '7d', 1_500]
 */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}` | number

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Whole milliseconds; what is no span is refused in the name of the option. */
export const millis = (duration: Duration, option: string): number => {
  const match = typeof duration === 'number' ? [0, duration, 'ms'] : /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration)
  const ms = match === null ? Number.NaN : Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]
  if (Number.isSafeInteger(ms) && ms >= 0) return ms
  throw new TopologyError(
    'OPTION_WRONG',
    option,
    `${JSON.stringify(duration)} is not a time span such as '30s' or '4h'`,
  )
}
