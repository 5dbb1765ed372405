#!/usr/bin/env -S node --max-semi-space-size=32 --min-semi-space-size=16
// Starts the command: compiled where the package is installed, from its sources in a clone. Each record makes young objects
// that it soon lets go of: with room for them they are seldom copied.
import { existsSync, readdirSync } from 'node:fs'
import Module, { register as registerHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import { register as registerRequire } from 'tsx/cjs/api'
import { register } from 'tsx/esm/api'

const inPackage = path => new URL(`../${path}`, import.meta.url)
const source = inPackage('runners/cli/main.ts')
const isClone = existsSync(fileURLToPath(source))

/** In a clone, `franz` means the sources beside this file, wherever the pipeline stands: there is nothing to build first. */
const resolveToSources = () => {
  const doors = {
    franz: 'topology/index.ts',
    'franz/testing': 'topology/testing.ts',
    'franz/embedded': 'runners/embedded/index.ts',
    'franz/host': 'runners/host/index.ts',
    'franz/kafka': 'runners/kafka/index.ts',
    'franz/schemas': 'schemas/index.ts',
    'franz/desk': 'schemas/desk/topics.ts',
    ...Object.fromEntries(
      readdirSync(inPackage('runners/connectors')).map(name => [
        `franz/connectors/${name}`,
        `runners/connectors/${name}/index.ts`,
      ]),
    ),
  }
  const urls = Object.fromEntries(Object.entries(doors).map(([name, path]) => [name, inPackage(path).href]))
  const hook = `const urls = ${JSON.stringify(urls)}
    export const resolve = (specifier, context, next) => next(urls[specifier] ?? specifier, context)`
  registerHook(`data:text/javascript,${encodeURIComponent(hook)}`, import.meta.url)
  const resolveFilename = Module._resolveFilename
  Module._resolveFilename = (request, ...rest) =>
    resolveFilename.call(Module, request in urls ? fileURLToPath(urls[request]) : request, ...rest)
}

if (isClone) resolveToSources()
// A pipeline file is TypeScript, and a module or not by the package.json beside it: both ways of loading it must know how.
registerRequire()
register()
// Settings may stand in a file beside where one works; a variable of the environment wins.
if (existsSync('.env')) process.loadEnvFile('.env')
const { main } = await import((isClone ? source : inPackage('dist/runners/cli/main.js')).href)
process.exitCode = await main(process.argv.slice(2), process.env)
// Whatever of others still keeps the process alive has had its time.
setTimeout(() => process.exit(), 1_000).unref()
