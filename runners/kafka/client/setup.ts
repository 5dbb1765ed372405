import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { forget, keep, restoreKept } from './kept.ts'
import { needed } from './needed.ts'

// Installs the native Kafka client beside this file: prebuilt where its makers' binary can be had, else compiled from its
// own sources against the machine's libraries. `npm run setup:kafka` and `npm test` come here.

const here = import.meta.dirname
const installed = join(here, 'node_modules', needed.package)
const downloadDeadlineMs = 60_000

export type ClientState =
  | { readonly state: 'works'; readonly version: string; readonly where: string }
  | { readonly state: 'absent' | 'broken'; readonly why: string }

const asks = `
  const path = require.resolve('${needed.package}/package.json')
  const { librdkafkaVersion } = require('${needed.package}')
  console.log(JSON.stringify({ version: require(path).version + ' (librdkafka ' + librdkafkaVersion + ')', where: path }))`

/** Loads the client in a process of its own: a native part that does not fit must not take this one down. */
export const clientState = (): ClientState => {
  const { status, stdout, stderr, signal } = spawnSync(process.execPath, ['-e', asks], { cwd: here, encoding: 'utf8' })
  if (status === 0) return { state: 'works', ...(JSON.parse(stdout) as { version: string; where: string }) }
  const why = /^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? `it ended by ${signal ?? `exit code ${status}`}`
  return { state: why.includes(`Cannot find module '${needed.package}`) ? 'absent' : 'broken', why }
}

const has = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, program)))

const hasHeader = (header: string): boolean =>
  spawnSync('g++', ['-E', '-x', 'c++', '-'], { input: `#include <${header}>\n`, stdio: ['pipe', 'ignore', 'ignore'] })
    .status === 0

/** What compiling would miss, as Debian's names: empty where it can go ahead. */
export const missingPackages = (): string[] => {
  const programs = needed.programs.filter(program => !has(program))
  const debian = { 'g++': 'g++', make: 'make', python3: 'python3' }
  const headers = Object.entries(needed.headers)
  const lacking = has('g++') ? headers.filter(([header]) => !hasHeader(header)) : headers
  return [...programs.map(program => debian[program]), ...lacking.map(([, name]) => name)]
}

export const refusal = (missing: readonly string[]): string =>
  `The Kafka client ${needed.version} is not installed. Its makers' prebuilt binary cannot be had here (no network to it, or ` +
  `none for Node ${process.versions.node} on ${process.platform}-${process.arch}), and compiling it misses ${missing.join(', ')}.\n` +
  `On Debian or Ubuntu: apt-get install ${missing.join(' ')}, then npm run setup:kafka. The embedded engine works without it.`

type Say = (line: string) => void

/** Node's own headers lie beside it in every official build; without them node-gyp would want to download them. */
const headersOfNode = (): NodeJS.ProcessEnv => {
  const beside = join(process.execPath, '..', '..')
  return existsSync(join(beside, 'include', 'node', 'node.h')) ? { npm_config_nodedir: beside } : {}
}

const run = (program: string, args: readonly string[], folder: string, deadlineMs?: number) => {
  const environment = {
    ...headersOfNode(),
    ...process.env,
    CKJS_LINKING: 'dynamic',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
  }
  const { status, stdout, stderr } = spawnSync(program, args, {
    ...{ cwd: folder, env: environment, encoding: 'utf8', maxBuffer: 2 ** 28 },
    ...(deadlineMs !== undefined && { timeout: deadlineMs }),
  })
  return { done: status === 0, output: `${stdout}${stderr}` }
}

const preGyp = (deadlineMs: number | undefined, ...args: string[]) =>
  run(process.execPath, [join(here, 'node_modules/.bin/node-pre-gyp'), ...args], installed, deadlineMs)

/** The reason why the sources did not compile stands near the end, after thousands of lines. */
const lastLines = (output: string): string => output.trimEnd().split('\n').slice(-25).join('\n')

const isLocked = (): boolean => {
  const path = join(installed, 'package.json')
  return existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version === needed.version
}

const brought = (say: Say): string => {
  const packages = run('npm', ['ci', '--ignore-scripts'], here)
  if (!packages.done) throw new Error(`npm ci in ${here} failed:\n${lastLines(packages.output)}`)
  if (restoreKept(installed)) {
    if (clientState().state === 'works') return 'compiled here before, kept'
    forget()
  }
  const prebuilt = preGyp(downloadDeadlineMs, 'install')
  if (prebuilt.done && clientState().state === 'works') return 'prebuilt by its makers'
  const missing = missingPackages()
  if (missing.length > 0) throw new Error(refusal(missing))
  say('the Kafka client: nothing prebuilt can be had, compiling it (a minute or two, once)')
  const compiled = preGyp(undefined, 'install', '--build-from-source')
  if (!compiled.done) throw new Error(`Compiling the Kafka client failed:\n${lastLines(compiled.output)}`)
  const state = clientState()
  if (state.state !== 'works') throw new Error(`The Kafka client was compiled, but does not load: ${state.why}`)
  keep(installed)
  return 'compiled'
}

/** Leaves a client that loads, or throws an error that says what to do. */
export const installClient = (say: Say): void => {
  if (isLocked() && clientState().state === 'works') return
  say(`the Kafka client: ${brought(say)}`)
}

if (process.argv[1] === import.meta.filename)
  try {
    installClient(line => console.error(`franz: ${line}`))
    const state = clientState()
    if (state.state === 'works') console.error(`franz: the Kafka client ${state.version} works`)
  } catch (error) {
    console.error(`franz: ${(error as Error).message}`)
    process.exitCode = 4
  }
