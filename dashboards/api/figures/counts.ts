import { type RawBuilder, sql } from 'kysely'
import { rowsOf, statements } from '../database/statements.ts'
import type { Database } from '../ports.ts'

/** How many tickets have a value. */
export interface Share {
  readonly name: string
  readonly value: number
}

type Dimension = 'origin' | 'category' | 'priority' | 'type' | 'department' | 'status'

/** What a ticket without a department is counted under. */
export const noDepartment = 'none'

const counted = sql<number>`count(*)::int`

/** How many tickets there are by each of several columns, in one walk over the table; the greatest first. */
export const countsBy = async <D extends Dimension>(
  database: Database,
  dimensions: readonly D[],
): Promise<Record<D, Share[]>> => {
  const sets = sql.join(dimensions.map(name => sql`(${sql.ref(name)})`))
  const which = sql.join(dimensions.map(name => sql`grouping(${sql.ref(name)})`))
  const rows = await rowsOf(
    database,
    statements
      .selectFrom('tickets')
      .select([sql<number[]>`array[${which}]`.as('absent'), counted.as('value')])
      .select(sql<string>`coalesce(${sql.join(dimensions.map(name => sql.ref(name)))}, ${noDepartment})`.as('name'))
      .groupBy(sql`grouping sets (${sets})` as RawBuilder<string>),
  )
  const made = Object.fromEntries(dimensions.map(name => [name, [] as Share[]])) as Record<D, Share[]>
  for (const { absent, name, value } of rows) made[dimensions[absent.indexOf(0)]!].push({ name, value })
  for (const name of dimensions) made[name].sort((one, other) => other.value - one.value)
  return made
}

/** The whole table in three numbers. */
export const totals = async (database: Database) => {
  const [row] = await rowsOf(
    database,
    statements
      .selectFrom('tickets')
      .select([
        counted.as('total'),
        sql<number>`count(*) filter (where status = 'resolved')::int`.as('resolved'),
        sql<number | null>`round((avg(confidence) * 100)::numeric, 1)::float8`.as('confidence'),
        sql<number>`count(*) filter (where created_at > now() - interval '24 hours')::int`.as('recent'),
      ]),
  )
  return row!
}

/** How sure the labels are, by department. */
export const confidenceByDepartment = (database: Database) =>
  rowsOf(
    database,
    statements
      .selectFrom('tickets')
      .select([
        sql<string>`coalesce(department, ${noDepartment})`.as('name'),
        sql<number | null>`round((avg(confidence) * 100)::numeric, 1)::float8`.as('value'),
      ])
      .groupBy(sql`1`)
      .orderBy(sql`1`),
  )

/** Tickets on each of the last days, days without any included. */
export const ticketsByDay = (database: Database, days: number) =>
  rowsOf(
    database,
    statements
      .selectFrom(
        sql<{ day: Date }>`generate_series(
          date_trunc('day', now() at time zone 'utc') - ${days - 1} * interval '1 day',
          date_trunc('day', now() at time zone 'utc'), interval '1 day')`.as<'days'>(sql`days(day)`),
      )
      .leftJoin(
        statements
          .selectFrom('tickets')
          .select([sql<Date>`date_trunc('day', date at time zone 'utc')`.as('at'), counted.as('value')])
          .where('date', '>=', sql<Date>`now() - ${days} * interval '1 day'`)
          .groupBy(sql`1`)
          .as('made'),
        join => join.onRef('made.at', '=', sql`days.day`),
      )
      .select([
        sql<string>`to_char(days.day, 'YYYY-MM-DD')`.as('date'),
        sql<number>`coalesce(made.value, 0)::int`.as('count'),
      ])
      .orderBy(sql`1`),
  )
