import { dashboard } from './dashboard.ts'
import { donut, gauge, lines, ranking, stat, table } from './panels.ts'

const chosen = '$__timeFilter(date) AND origin IN ($origin)'

/** How tickets are labelled and where they go. */
export const labels = dashboard({
  uid: 'franz-labels',
  title: 'Labels and routing',
  says: 'Who labels the tickets, how surely, and which departments they go to.',
  variables: ['origin'],
  panels: [
    gauge(
      {
        title: 'Confidence',
        sql: `SELECT round((avg(confidence) * 100)::numeric, 1) AS value FROM tickets WHERE ${chosen}`,
        at: { x: 0, y: 0, w: 6, h: 6 },
      },
      [50, 75],
    ),
    gauge(
      {
        title: 'Labelled without a person',
        sql: `
          SELECT round(100.0 * count(*) FILTER (WHERE review_reason IS NULL) / nullif(count(*), 0), 1) AS value
          FROM tickets WHERE ${chosen}`,
        at: { x: 6, y: 0, w: 6, h: 6 },
      },
      [70, 90],
    ),
    gauge(
      {
        title: 'Resolved',
        sql: `
          SELECT round(100.0 * count(*) FILTER (WHERE status = 'resolved') / nullif(count(*), 0), 1) AS value
          FROM tickets WHERE ${chosen}`,
        at: { x: 12, y: 0, w: 6, h: 6 },
      },
      [30, 60],
    ),
    stat(
      {
        title: 'In the last 24 hours',
        sql: `SELECT count(*) AS value FROM tickets WHERE created_at > now() - interval '24 hours' AND origin IN ($origin)`,
        at: { x: 18, y: 0, w: 6, h: 6 },
      },
      '#3E7BFA',
    ),
    donut({
      title: 'Who chose the labels',
      sql: `SELECT label_source AS metric, count(*) AS value FROM tickets WHERE ${chosen} GROUP BY 1 ORDER BY 2 DESC`,
      at: { x: 0, y: 6, w: 8, h: 8 },
    }),
    ranking({
      title: 'Departments',
      sql: `
        SELECT coalesce(department, 'none') AS metric, count(*) AS value
        FROM tickets WHERE ${chosen} GROUP BY 1 ORDER BY 2 DESC LIMIT 12`,
      at: { x: 8, y: 6, w: 16, h: 8 },
    }),
    lines(
      {
        title: 'Confidence over time',
        sql: `
          SELECT $__timeGroupAlias(date, $__interval), label_source AS metric, avg(confidence) * 100 AS value
          FROM tickets WHERE ${chosen} AND confidence IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
        at: { x: 0, y: 14, w: 24, h: 8 },
      },
      'percent',
    ),
    table({
      title: 'By department',
      sql: `
        SELECT coalesce(department, 'none') AS "Department", count(*) AS "Tickets",
        round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS "Share %",
        round((avg(confidence) * 100)::numeric, 1) AS "Confidence %",
        count(*) FILTER (WHERE status = 'resolved') AS "Resolved"
        FROM tickets WHERE ${chosen} GROUP BY 1 ORDER BY 2 DESC`,
      at: { x: 0, y: 22, w: 12, h: 8 },
    }),
    table({
      title: 'By model',
      sql: `
        SELECT coalesce(model, 'none') AS "Model name", coalesce(prompt_version, 'none') AS "Prompt", count(*) AS "Tickets",
        round((avg(confidence) * 100)::numeric, 1) AS "Confidence %",
        count(*) FILTER (WHERE review_reason IS NOT NULL) AS "For a person"
        FROM tickets WHERE ${chosen} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 50`,
      at: { x: 12, y: 22, w: 12, h: 8 },
    }),
    table({
      title: 'For a person to look at',
      sql: `
        SELECT id AS "No.", date AS "Date", contact AS "Contact", left(subject, 80) AS "Subject", review_reason AS "Why"
        FROM tickets WHERE ${chosen} AND review_reason IS NOT NULL ORDER BY date DESC, id DESC LIMIT 50`,
      at: { x: 0, y: 30, w: 24, h: 8 },
    }),
    table({
      title: 'Newest tickets',
      sql: `
        SELECT id AS "No.", date AS "Date", contact AS "Contact", origin AS "Platform", category AS "Category",
        priority AS "Priority", left(subject, 80) AS "Subject"
        FROM tickets WHERE ${chosen} ORDER BY date DESC, id DESC LIMIT 20`,
      at: { x: 0, y: 38, w: 24, h: 9 },
    }),
  ],
})
