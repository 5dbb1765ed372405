import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/dist\/$/, '')

/** Compiles the project once and copies it: a process starts in a tenth of a second, and nobody changes it meanwhile. */
export const compiled = (alsoRooms: readonly string[] = []): string => {
  spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'test'], { cwd: root })
  const folder = mkdtempSync(join(tmpdir(), 'franz-crash-build-'))
  for (const room of ['topology', 'runners', 'test/crash', ...alsoRooms])
    cpSync(join(root, 'dist', room), join(folder, room), { recursive: true })
  if (!existsSync(join(folder, 'test/crash/child.js')))
    throw new Error('the project cannot be compiled: run `npx tsc -b test`')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  symlinkSync(join(root, 'runners/kafka/client/node_modules'), join(folder, 'runners/kafka/client/node_modules'))
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  return folder
}

/** A process to be killed: started ahead, waiting to be told what to do. */
export class Victim {
  readonly #child: ChildProcess
  readonly #heard: ((message: unknown) => void)[] = []
  readonly ready: Promise<void>
  /** The signal that ended it, or its exit code. */
  readonly ended: Promise<NodeJS.Signals | number>
  words = ''

  constructor(build: string, program: 'child' | 'producer' | 'kafka/child') {
    this.#child = spawn(process.execPath, [join(build, `test/crash/${program}.js`)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // The Kafka client takes a thread for each of its calls.
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    })
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', data => {
        this.words += data
      })
    this.#child.on('message', message => {
      for (const heard of this.#heard) heard(message)
    })
    this.#child.on('error', () => {})
    this.ready = this.says('ready').then(() => {})
    this.ended = new Promise(done => this.#child.on('close', (code, signal) => done(signal ?? code ?? -1)))
  }

  get pid(): number {
    return this.#child.pid!
  }

  hear(heard: (message: unknown) => void): void {
    this.#heard.push(heard)
  }

  /** True once it has said so; false when it ended before. */
  says(word: string): Promise<boolean> {
    return new Promise(done => {
      this.hear(message => message === word && done(true))
      this.#child.on('close', () => done(false))
    })
  }

  tell(message: object | 'stop'): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}

export const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true })
