import { execFile } from 'node:child_process'
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePorts, type Running, startChild } from './child.ts'
import { postgresProgram } from './parts.ts'
import { fromSession } from './session.ts'

// A real PostgreSQL on this machine, with a database of its own in a temporary folder. What it writes need not survive power loss.

const user = 'franz'
const password = 'franz-test'

export interface Postgres {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
  /** kill -9, with everything that it has open. */
  kill(): Promise<void>
  /** Again, with the data and at the port that it had. */
  start(): Promise<void>
  freeze(): void
  thaw(): void
}

/** PostgreSQL refuses to run as root: then it runs as its own user, or as nobody. */
const lesserUser = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (!found) throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody"')
  return { uid: Number(found[2]), gid: Number(found[3]) }
}

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    const done = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => done(true)).once('error', () => done(false))
  })

const settings = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: '100',
}

export const startPostgres = async (): Promise<Postgres> => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-postgres-'))
  const as = lesserUser()
  if (as) chownSync(folder, as.uid, as.gid)
  const data = join(folder, 'data')
  const secret = join(folder, 'password')
  writeFileSync(secret, password)
  if (as) chownSync(secret, as.uid, as.gid)
  const init = [
    '-D',
    data,
    '-U',
    user,
    '-A',
    'scram-sha-256',
    '--pwfile',
    secret,
    '-E',
    'UTF8',
    '--locale',
    'C.UTF-8',
    '-N',
  ]
  await promisify(execFile)(postgresProgram('initdb')!, init, { ...as, cwd: folder })
  const [port] = (await freePorts(1)) as [number]
  const flags = Object.entries({ ...settings, port: String(port), unix_socket_directories: folder })
  let running: Running
  const start = async (): Promise<void> => {
    running = await startChild({
      name: 'PostgreSQL',
      program: postgresProgram('postgres')!,
      args: ['-D', data, ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      log: join(folder, 'output.log'),
      ready: async () =>
        readFileSync(join(folder, 'output.log'), 'utf8').includes('ready to accept connections') && answers(port),
      ...(as && { user: as }),
    })
  }
  await start()
  return {
    url: `postgres://${user}:${password}@127.0.0.1:${port}/postgres`,
    port,
    stop: async () => {
      await running.stop('SIGQUIT')
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
    kill: () => running.kill(),
    start,
    freeze: () => running.signal('SIGSTOP'),
    thaw: () => running.signal('SIGCONT'),
  }
}

/** The one server that all test files of this run share; make a database of your own in it with `freshDatabase`. */
export const sharedPostgres = (): Promise<{ readonly url: string; readonly port: number }> => fromSession('postgres')

/** The address of a new, empty database. */
export const freshDatabase = async ({ url }: { readonly url: string }, name: string): Promise<string> => {
  const unique = `${name}_${process.pid}_${Date.now().toString(36)}`.toLowerCase().replace(/\W/g, '_')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${unique}`)
  await client.end()
  return url.replace(/\/[^/]*$/, `/${unique}`)
}
