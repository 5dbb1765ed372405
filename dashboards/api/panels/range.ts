import { badField } from '../http/problem.ts'

/** What a panel is asked for. */
export interface Range {
  readonly from: Date
  readonly to: Date
  /** How wide a point of a time series is. */
  readonly intervalMs: number
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, M: 2_592_000_000, y: 31_536_000_000 }
const pointsMax = 1_000
/** Widths that divide days evenly, so that points stand at the same times whenever a panel is drawn. */
const widths = [1, 5, 10, 15, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000]

/** `now`, `now-24h`, or a time in ISO 8601. */
export const timeFrom = (field: string, text: string, now: Date): Date => {
  const relative = /^now(?:([+-])(\d{1,6})([smhdwMy]))?$/.exec(text)
  if (relative) {
    const [, sign = '+', count = '0', unit = 's'] = relative
    const ms = Number(count) * unitMs[unit as keyof typeof unitMs]
    return checked(field, new Date(now.getTime() + (sign === '-' ? -ms : ms)))
  }
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/.test(text)
  if (!isIso) throw badField(field, 'must be now, now-24h or a time such as 2026-01-31T12:00:00Z')
  return checked(field, new Date(text))
}

const checked = (field: string, time: Date): Date => {
  const year = time.getUTCFullYear()
  if (!(year >= 1970 && year <= 9999)) throw badField(field, 'must be a time that exists, from 1970 to 9999')
  return time
}

export const rangeFrom = (from: string, to: string, intervalMs: number | undefined, now = new Date()): Range => {
  const range = { from: timeFrom('from', from, now), to: timeFrom('to', to, now) }
  const lengthMs = range.to.getTime() - range.from.getTime()
  if (lengthMs <= 0) throw badField('to', 'must be after from')
  const wanted = Math.max(intervalMs ?? lengthMs / 60, lengthMs / pointsMax)
  const seconds = widths.find(width => width * 1_000 >= wanted) ?? Math.ceil(wanted / 1_000)
  return { ...range, intervalMs: seconds * 1_000 }
}
