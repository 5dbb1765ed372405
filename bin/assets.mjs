// Copies what the compiler leaves behind into the compiled tree: the page, the schemas and the shape of the review's JSON.
import { cpSync } from 'node:fs'

for (const path of ['runners/cli/page/assets', 'schemas/review/report.schema.json', 'schemas/desk']) {
  cpSync(new URL(`../${path}`, import.meta.url), new URL(`../dist/${path}`, import.meta.url), {
    recursive: true,
    filter: source => !source.endsWith('.ts'),
  })
}
