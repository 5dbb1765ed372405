// Copies what the compiler leaves behind into the compiled tree: the page and the schemas.
import { cpSync } from 'node:fs'

cpSync(
  new URL('../runners/cli/page/assets', import.meta.url),
  new URL('../dist/runners/cli/page/assets', import.meta.url),
  { recursive: true },
)
