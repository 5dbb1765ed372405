import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { installClient, missingPackages } from '../../runners/kafka/client/setup.ts'
import { jarsOf, type PartName, parts, pom, programNamed, schemathesis, schemathesisStamp, stampOf } from './parts.ts'

// Brings every part that is missing, where it can be had, in one clear line each. Where not: a build server fails, and
// elsewhere the tests of that part are skipped, by name.

const inCi = process.env.CI === 'true'
const say = (line: string): void => console.error(`franz: ${line}`)
const canApt = process.getuid?.() === 0 && programNamed('apt-get') !== undefined

/** Debian's package lists are fetched once, and only when something is to be installed. */
let aptIsFresh = false
const apt = (...packages: readonly string[]): void => {
  if (!canApt) throw new Error(`apt-get install ${packages.join(' ')} is needed, by root`)
  const call = (...args: readonly string[]) =>
    spawnSync('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    })
  if (!aptIsFresh) call('update')
  aptIsFresh = true
  const { status, stderr } = call('install', ...packages)
  if (status !== 0) throw new Error(`apt-get install ${packages.join(' ')} failed: ${stderr.trim().split('\n').at(-1)}`)
}

const jars = (profile: 'kafka' | 'mail'): void => {
  if (!parts.maven()) throw new Error('Maven is not there')
  rmSync(jarsOf(profile), { recursive: true, force: true })
  mkdirSync(jarsOf(profile), { recursive: true })
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${jarsOf(profile)}`]
  const { status, stdout } = spawnSync('mvn', ['-q', '-B', '-f', pom, `-P${profile}`, ...goal], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Maven failed: ${/ERROR\].*/.exec(stdout)?.[0] ?? 'it does not say why'}`)
  writeFileSync(stampOf(profile), readFileSync(pom))
}

const client = (): void => {
  const missing = missingPackages()
  if (missing.length > 0 && canApt) apt(...missing)
  installClient(say)
}

const python = (): void => {
  const { folder, version } = schemathesis
  const call = (program: string, ...args: readonly string[]) => spawnSync(program, args, { encoding: 'utf8' })
  const isWhole = () => call('python3', '-c', 'import venv, ensurepip').status === 0
  if (!isWhole()) apt('python3', 'python3-venv')
  rmSync(folder, { recursive: true, force: true })
  const made = call('python3', '-m', 'venv', folder)
  if (made.status !== 0)
    throw new Error(`python3 -m venv failed: ${(made.stderr || made.stdout).trim().split('\n').at(-1)}`)
  const { status, stderr } = call(`${folder}/bin/pip`, 'install', '--quiet', `schemathesis==${version}`)
  if (status !== 0) throw new Error(`pip install schemathesis failed: ${stderr.trim().split('\n').at(-1)}`)
  writeFileSync(schemathesisStamp, version)
}

interface Recipe {
  readonly part: PartName
  readonly what: string
  readonly bring: () => void
}

const recipes: readonly Recipe[] = [
  { part: 'strace', what: 'strace, which records the system calls of the power-loss test', bring: () => apt('strace') },
  { part: 'openssl', what: 'openssl, which makes the certificates of the tests over TLS', bring: () => apt('openssl') },
  { part: 'java', what: 'Java, for Kafka and GreenMail', bring: () => apt('default-jdk-headless') },
  { part: 'maven', what: 'Maven, which brings Kafka and GreenMail', bring: () => apt('maven') },
  { part: 'kafka', what: 'Kafka and Kafka Streams (130 MB)', bring: () => jars('kafka') },
  { part: 'greenmail', what: 'GreenMail (10 MB)', bring: () => jars('mail') },
  { part: 'kafka client', what: 'the native Kafka client', bring: client },
  { part: 'postgres', what: 'PostgreSQL', bring: () => apt('postgresql') },
  { part: 'schemathesis', what: 'schemathesis, which makes up requests to the API', bring: python },
  { part: 'prometheus', what: 'Prometheus, which scrapes the desk', bring: () => apt('prometheus') },
  { part: 'chromium', what: 'Chromium', bring: () => apt('chromium') },
]

const skipped: PartName[] = []
for (const { part, what, bring } of recipes) {
  if (parts[part]()) continue
  say(`installing ${what}, once`)
  try {
    bring()
    if (!parts[part]()) throw new Error('it was installed, but is not found')
  } catch (error) {
    skipped.push(part)
    say(`${inCi ? 'MISSING' : 'SKIPPING every test that needs'} ${part}: ${(error as Error).message}`)
  }
}
if (skipped.length > 0) say(`${skipped.length} of ${recipes.length} parts are missing: ${skipped.join(', ')}`)
if (skipped.length > 0 && inCi) process.exitCode = 1
