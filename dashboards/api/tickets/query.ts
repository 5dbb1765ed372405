import { badField } from '../http/problem.ts'
import { withoutZero, written } from '../http/written.ts'
import { limits } from '../limits.ts'
import { type FieldName, ticketProperties } from './resource.ts'

/** What tickets are asked for, shared by every list of them. */
export interface TicketQuery {
  readonly limit: number
  readonly offset: number
  readonly cursor?: string
  readonly sort: Sort
  readonly fields?: string
  readonly status?: string
  readonly department?: string
  readonly priority?: string
  readonly category?: string
  readonly origin?: string
  readonly type?: string
  readonly q?: string
  readonly from?: string
  readonly to?: string
}

/** By what a list can be sorted; a minus means: the greatest first. */
export const sorts = ['-date', 'date', '-number', 'number', '-updated_at', 'updated_at'] as const
export type Sort = (typeof sorts)[number]

/** Columns that are filtered by one or more of their values. */
export const filterColumns = ['status', 'department', 'priority', 'category', 'origin', 'type'] as const

const oneOrMore = (what: string) => ({
  type: 'string',
  minLength: 1,
  ...withoutZero,
  maxLength: limits.lineLengthMax,
  description: `${what}; several with commas between them.`,
})

const names = Object.keys(ticketProperties)
const oneName = `\\s*(${names.join('|')})\\s*`

const moment = (what: string) => ({ type: 'string', format: 'date-time', description: what })

export const ticketQuerySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: limits.listRowsMax, default: limits.listRowsDefault },
    offset: { type: 'integer', minimum: 0, maximum: limits.offsetMax, default: 0 },
    cursor: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: 'What the last page gave as `next`: the list goes on there, as quick at any depth.',
    },
    sort: { type: 'string', enum: sorts, default: '-date' },
    fields: {
      type: 'string',
      maxLength: limits.lineLengthMax,
      ...written(`^${oneName}(,${oneName})*$`, `must name fields, with commas between them, of ${names.join(', ')}`),
      description: 'Some fields only; several with commas between them.',
    },
    ...Object.fromEntries(filterColumns.map(name => [name, oneOrMore(`The ${name}`)])),
    q: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      ...withoutZero,
      description: 'A text in subject, body or contact, or a number with # before it.',
    },
    from: moment('Written at or after.'),
    to: moment('Written before.'),
  },
} as const

/** The fields that were asked for; undefined: all. */
export const fieldsOf = (fields: string | undefined): readonly FieldName[] | undefined =>
  fields?.split(',').map(name => name.trim() as FieldName)

/** Where a list goes on: after the row with this value and this number, in this order. */
export interface Cursor {
  readonly sort: Sort
  readonly value: string
  readonly id: number
}

export const cursorText = ({ sort, value, id }: Cursor): string =>
  Buffer.from(JSON.stringify([sort, value, id])).toString('base64url')

export const cursorFrom = (text: string, sort: Sort): Cursor => {
  const strange = () => badField('cursor', 'must be what a page of this list gave as `next`, with the same sort')
  try {
    const [made, value, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    const isTime = typeof value === 'string' && /^[\d\-: .+T]{1,40}$/.test(value)
    if (made !== sort || !isTime || !Number.isSafeInteger(id) || Math.abs(id as number) > 2_147_483_647) throw strange()
    if (!sort.endsWith('number') && Number.isNaN(Date.parse(value.replace(/\+(\d\d)$/, '+$1:00')))) throw strange()
    return { sort, value, id: id as number }
  } catch {
    throw strange()
  }
}
