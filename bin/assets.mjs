// Copies what the compiler leaves behind into the compiled tree: a thread, the schemas and the shape of the review's JSON.
import { cpSync } from 'node:fs'

const left = [
  'runners/connectors/postgres/pglite-thread.mjs',
  'schemas/review/report.schema.json',
  'schemas/desk',
  'dashboards/ui/built',
  'dashboards/grafana',
]
for (const path of left) {
  cpSync(new URL(`../${path}`, import.meta.url), new URL(`../dist/${path}`, import.meta.url), {
    recursive: true,
    filter: source => !source.endsWith('.ts'),
  })
}
