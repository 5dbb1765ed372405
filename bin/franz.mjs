#!/usr/bin/env node
// Starts the command: compiled where the package is installed, from its sources in a clone.
import { existsSync } from 'node:fs'
import { register as registerHook } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { register as registerRequire } from 'tsx/cjs/api'
import { register } from 'tsx/esm/api'

const compiled = new URL('../dist/runners/cli/main.js', import.meta.url)
const source = new URL('../runners/cli/main.ts', import.meta.url)
const isClone = existsSync(fileURLToPath(source))

if (isClone) {
  // In a clone `import 'franz'` means the sources beside it, and there is nothing to build first.
  const doors = {
    franz: 'topology/index.ts',
    'franz/testing': 'topology/testing.ts',
    'franz/embedded': 'runners/embedded/index.ts',
    'franz/schemas': 'schemas/index.ts',
  }
  const urls = Object.fromEntries(
    Object.entries(doors).map(([name, path]) => [name, new URL(`../${path}`, import.meta.url).href]),
  )
  const hook = `const urls = ${JSON.stringify(urls)}
    export const resolve = (specifier, context, next) => next(urls[specifier] ?? specifier, context)`
  registerHook(`data:text/javascript,${encodeURIComponent(hook)}`, pathToFileURL('./'))
}
// A pipeline file is TypeScript, and a module or not by the package.json beside it: both ways of loading it must know how.
registerRequire()
register()
const { main } = await import((isClone ? source : compiled).href)
process.exitCode = await main(process.argv.slice(2), process.env)
