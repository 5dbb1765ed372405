import { dashboard } from './dashboard.ts'
import { bars, lines, ranking, stat, table } from './panels.ts'

const happened = (event: string) =>
  `SELECT count(*) AS value FROM ticket_events WHERE $__timeFilter(at) AND event = '${event}'`

/** How the desk itself does, as the tables tell. */
export const operation = dashboard({
  uid: 'franz-operation',
  title: 'Operation',
  says: 'What happens to tickets on their way, why some go no further, and how large the tables are.',
  variables: [],
  panels: [
    stat({ title: 'Created', sql: happened('created'), at: { x: 0, y: 0, w: 6, h: 4 } }, '#3E7BFA'),
    stat({ title: 'Labelled', sql: happened('labelled'), at: { x: 6, y: 0, w: 6, h: 4 } }, '#8E5BE8'),
    stat({ title: 'Exported', sql: happened('exported'), at: { x: 12, y: 0, w: 6, h: 4 } }, '#30A46C'),
    stat({ title: 'Dead-lettered', sql: happened('dead-lettered'), at: { x: 18, y: 0, w: 6, h: 4 } }, '#E5484D'),
    bars({
      title: 'Events',
      sql: `
        SELECT $__timeGroupAlias(at, $__interval, 0), event AS metric, count(*) AS value
        FROM ticket_events WHERE $__timeFilter(at) GROUP BY 1, 2 ORDER BY 1, 2`,
      at: { x: 0, y: 4, w: 24, h: 8 },
    }),
    ranking({
      title: 'Reasons of dead letters',
      sql: `
        SELECT left(coalesce(details->>'reason', 'none'), 80) AS metric, count(*) AS value
        FROM ticket_events WHERE $__timeFilter(at) AND event = 'dead-lettered' GROUP BY 1 ORDER BY 2 DESC LIMIT 8`,
      at: { x: 0, y: 12, w: 12, h: 8 },
    }),
    lines({
      title: 'Counts of the log',
      says: 'Windows as the topology kennzahlen counts them, beside what the tickets say.',
      sql: `
        SELECT $__timeGroupAlias(window_start, $__interval), value AS metric, sum(count) AS value
        FROM ticket_counts WHERE $__timeFilter(window_start) AND dimension = 'priority' GROUP BY 1, 2 ORDER BY 1, 2`,
      at: { x: 12, y: 12, w: 12, h: 8 },
    }),
    table({
      title: 'Sinks',
      sql: `
        SELECT sink AS "Sink", topic AS "Topic", sum(next_offset) AS "Records taken", max(epoch) AS "Epoch"
        FROM franz_positions GROUP BY 1, 2 ORDER BY 1, 2`,
      at: { x: 0, y: 20, w: 12, h: 8 },
    }),
    table({
      title: 'Tables',
      sql: `
        SELECT relname AS "Table", pg_total_relation_size(oid) AS "Bytes", greatest(reltuples, 0)::bigint AS "Rows, about"
        FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 20`,
      at: { x: 12, y: 20, w: 12, h: 8 },
    }),
    table({
      title: 'Newest dead letters',
      sql: `
        SELECT at AS "When", details->>'service' AS "Service", details->>'reason' AS "Why", ticket_id::text AS "Ticket"
        FROM ticket_events WHERE $__timeFilter(at) AND event = 'dead-lettered' ORDER BY at DESC LIMIT 50`,
      at: { x: 0, y: 28, w: 24, h: 8 },
    }),
  ],
})
