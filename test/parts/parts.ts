import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// The real parts that tests run on: where they are, and whether they are there. `test/install.mjs` brings them.

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What Maven brings, one folder for each of its profiles in `maven/pom.xml`. */
export const jarsOf = (profile: 'kafka' | 'mail'): string => join(root, '.parts', profile)
export const pom = join(root, 'test', 'parts', 'maven', 'pom.xml')
export const clientFolder = join(root, 'runners', 'kafka', 'client')

/** Where a program lies, or undefined. */
export const programNamed = (name: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(path => existsSync(path))

/** PostgreSQL's own programs are outside of the PATH on Debian, in a folder of their version. */
export const postgresProgram = (name: string): string | undefined => {
  const versions = '/usr/lib/postgresql'
  const newest = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : []
  const found = newest.map(version => join(versions, version, 'bin', name)).find(path => existsSync(path))
  return found ?? programNamed(name)
}

export const chromiumPath = (): string | undefined => programNamed('chromium') ?? programNamed('chromium-browser')

/** Jars are whole only once the stamp beside them holds the very text of the pom that asked for them. */
export const stampOf = (profile: 'kafka' | 'mail'): string => join(jarsOf(profile), '.complete')
const haveJars = (profile: 'kafka' | 'mail'): boolean =>
  existsSync(stampOf(profile)) && readFileSync(stampOf(profile), 'utf8') === readFileSync(pom, 'utf8')

/** A Python environment of its own, for schemathesis; whole once the stamp beside it names the version. */
export const schemathesis = { version: '4.32.5', folder: join(root, '.parts', 'schemathesis') }
export const schemathesisStamp = join(schemathesis.folder, '.complete')
const haveSchemathesis = (): boolean =>
  existsSync(schemathesisStamp) && readFileSync(schemathesisStamp, 'utf8') === schemathesis.version

const haveClient = (): boolean => {
  try {
    const entry = createRequire(join(clientFolder, 'package.json')).resolve(
      '@confluentinc/kafka-javascript/package.json',
    )
    return existsSync(join(entry, '..', 'build', 'Release', 'confluent-kafka-javascript.node'))
  } catch {
    return false
  }
}

export const parts = {
  java: () => programNamed('java') !== undefined && programNamed('javac') !== undefined,
  maven: () => programNamed('mvn') !== undefined,
  kafka: () => programNamed('java') !== undefined && haveJars('kafka'),
  greenmail: () => programNamed('java') !== undefined && haveJars('mail'),
  'kafka client': haveClient,
  postgres: () => postgresProgram('initdb') !== undefined,
  chromium: () => chromiumPath() !== undefined,
  schemathesis: haveSchemathesis,
  strace: () => programNamed('strace') !== undefined,
  prometheus: () => programNamed('prometheus') !== undefined && programNamed('promtool') !== undefined,
  openssl: () => programNamed('openssl') !== undefined,
} satisfies Readonly<Record<string, () => boolean>>

export type PartName = keyof typeof parts

/**
 * Whether one of these parts is missing: `describe.skipIf(lacks('kafka'))`. A build server must have them all, so there
 * it throws instead.
 */
export const lacks = (...names: readonly PartName[]): boolean => {
  const missing = names.filter(name => !parts[name]())
  if (missing.length > 0 && process.env.CI === 'true')
    throw new Error(`this test needs ${missing.join(' and ')}: run node test/install.mjs and read what it says`)
  return missing.length > 0
}
