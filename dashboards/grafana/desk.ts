import { dashboard } from './dashboard.ts'
import { bars, donut, gauge, ranking, stat } from './panels.ts'

const chosen = `$__timeFilter(date) AND origin IN ($origin) AND category IN ($category) AND priority IN ($priority)`
const counted = (condition: string) => `SELECT count(*) AS value FROM tickets WHERE ${chosen} AND ${condition}`

const overTime = (column: string) => `
  SELECT $__timeGroupAlias(date, $__interval, 0), ${column} AS metric, count(*) AS value
  FROM tickets WHERE ${chosen} GROUP BY 1, 2 ORDER BY 1, 2`

const byName = (column: string) => `
  SELECT coalesce(${column}, 'none') AS metric, count(*) AS value
  FROM tickets WHERE ${chosen} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12`

/** What an administrator looks at first. */
export const desk = dashboard({
  uid: 'franz-desk',
  title: 'Service desk',
  says: 'Tickets as they come in: how many, how urgent, of what kind, and from where.',
  variables: ['origin', 'category', 'priority'],
  panels: [
    stat(
      {
        title: 'Tickets',
        sql: `SELECT count(*) AS value FROM tickets WHERE ${chosen}`,
        at: { x: 0, y: 0, w: 4, h: 4 },
      },
      '#3E7BFA',
    ),
    stat(
      { title: 'High', sql: counted(`upper(priority) IN ('HIGH', 'CRITICAL')`), at: { x: 4, y: 0, w: 4, h: 4 } },
      '#E5484D',
    ),
    stat({ title: 'Medium', sql: counted(`upper(priority) = 'MEDIUM'`), at: { x: 8, y: 0, w: 4, h: 4 } }, '#F5A524'),
    stat({ title: 'Low', sql: counted(`upper(priority) = 'LOW'`), at: { x: 12, y: 0, w: 4, h: 4 } }, '#30A46C'),
    stat(
      {
        title: 'For a person',
        says: 'Tickets that nobody and nothing could label surely.',
        sql: counted('review_reason IS NOT NULL'),
        at: { x: 16, y: 0, w: 4, h: 4 },
      },
      '#8E5BE8',
    ),
    gauge(
      {
        title: 'Confidence',
        says: 'The mean over all tickets that were scored.',
        sql: `SELECT round((avg(confidence) * 100)::numeric, 1) AS value FROM tickets WHERE ${chosen}`,
        at: { x: 20, y: 0, w: 4, h: 4 },
      },
      [50, 75],
    ),
    bars({ title: 'Tickets by platform', sql: overTime('origin'), at: { x: 0, y: 4, w: 16, h: 8 } }),
    donut({ title: 'Categories', sql: byName('category'), at: { x: 16, y: 4, w: 8, h: 8 } }),
    ranking({ title: 'Platforms', sql: byName('origin'), at: { x: 0, y: 12, w: 8, h: 7 } }),
    ranking({ title: 'Types', sql: byName('type'), at: { x: 8, y: 12, w: 8, h: 7 } }),
    ranking({ title: 'Priorities', sql: byName('priority'), at: { x: 16, y: 12, w: 8, h: 7 } }),
    bars({ title: 'Tickets by priority', sql: overTime('priority'), at: { x: 0, y: 19, w: 12, h: 8 } }),
    bars({ title: 'Tickets by category', sql: overTime('category'), at: { x: 12, y: 19, w: 12, h: 8 } }),
  ],
})
