import { sql } from 'kysely'
import { rowsOf, statements } from '../database/statements.ts'
import { memo } from '../http/memo.ts'
import { badField } from '../http/problem.ts'
import { limits } from '../limits.ts'
import type { Database } from '../ports.ts'
import { cursorFrom, cursorText, fieldsOf, filterColumns, type TicketQuery } from './query.ts'
import { listColumns, type TicketResource, ticketOf } from './resource.ts'

export interface TicketPage {
  readonly total: number
  readonly tickets: readonly Partial<TicketResource>[]
  /** The cursor of the next page; null where this is the last. */
  readonly next: string | null
}

/** Reads pages of tickets. The count over all pages is kept for a moment, as it costs far more than a page. */
export const ticketList = (database: Database) => {
  const counts = memo<number>(limits.figuresKeptMs)
  return async (query: TicketQuery): Promise<TicketPage> => {
    const fields = fieldsOf(query.fields)
    const page = pageOf(query)
    const filtered = filteredBy(query)
    const count = filtered.select(sql<number>`count(*)::int`.as('total'))
    const [[counted], rows] = await Promise.all([
      counts(JSON.stringify(count.compile().parameters) + count.compile().sql, async () => {
        const [row] = await rowsOf(database, count)
        return row!.total
      }).then(total => [total] as const),
      rowsOf(database, page),
    ])
    const shown = rows.slice(0, query.limit)
    const last = shown.at(-1)
    const goesOn = rows.length > query.limit && last !== undefined
    return {
      total: counted,
      tickets: shown.map(row => (fields === undefined ? ticketOf(row) : some(ticketOf(row), fields))),
      next: goesOn ? cursorText({ sort: query.sort, value: last.sorted_by, id: last.id }) : null,
    }
  }
}

const some = (ticket: TicketResource, fields: readonly (keyof TicketResource)[]): Partial<TicketResource> =>
  Object.fromEntries(fields.map(name => [name, ticket[name]]))

const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, found => `\\${found}`)

/** The rows that a query is about. */
const filteredBy = (query: TicketQuery) => {
  let rows = statements.selectFrom('tickets')
  for (const column of filterColumns) {
    const values = query[column]?.split(',').map(value => value.trim())
    if (values !== undefined) rows = rows.where(column, '=', sql<string>`any(${values}::text[])`)
  }
  if (query.from !== undefined) rows = rows.where('date', '>=', instant('from', query.from))
  if (query.to !== undefined) rows = rows.where('date', '<', instant('to', query.to))
  if (query.q === undefined) return rows
  const number = /^#(\d{1,9})$/.exec(query.q.trim())?.[1]
  if (number !== undefined) return rows.where('id', '=', Number(number))
  const pattern = `%${escaped(query.q)}%`
  return rows.where(where =>
    where.or([where('subject', 'ilike', pattern), where('body', 'ilike', pattern), where('contact', 'ilike', pattern)]),
  )
}

const instant = (field: string, text: string): Date => {
  const time = new Date(text)
  // There is no year 0 in PostgreSQL.
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1)
    throw badField(field, 'must be a time that exists, such as 2026-01-31T12:00:00Z')
  return time
}

/** One row more than asked for tells whether there is a next page. */
const pageOf = (query: TicketQuery) => {
  const isDescending = query.sort.startsWith('-')
  const name = query.sort.replace('-', '')
  const column = name === 'number' ? 'id' : (name as 'date' | 'updated_at')
  const way = isDescending ? 'desc' : 'asc'
  let page = filteredBy(query)
    .select(listColumns)
    .select(sql<string>`${sql.ref(column)}::text`.as('sorted_by'))
    .orderBy(column, way)
    .limit(query.limit + 1)
  if (column !== 'id') page = page.orderBy('id', way)
  if (query.cursor === undefined) return page.offset(query.offset)
  if (query.offset > 0) throw badField('offset', 'must be left out where there is a cursor')
  const { value, id } = cursorFrom(query.cursor, query.sort)
  if (column === 'id') return page.where('id', isDescending ? '<' : '>', id)
  const after = sql<boolean>`(${sql.ref(column)}, id) ${sql.raw(isDescending ? '<' : '>')} (${value}::timestamptz, ${id})`
  return page.where(after)
}
