import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

interface OtherOptions {
  /** What it runs. */
  readonly program?: string
  /** A command that runs it in its turn. */
  readonly under?: readonly string[]
}

/** Another process at a data folder. */
export class Other {
  readonly #child: ChildProcess
  /** Told when it has ended, by itself or not. */
  readonly ended: Promise<string>
  readonly #said: string[] = []
  #hear = () => {}

  constructor(args: readonly string[], { program = 'other-process.ts', under = [] }: OtherOptions = {}) {
    const path = fileURLToPath(new URL(program, import.meta.url))
    const [command, ...rest] = [...under, process.execPath, '--import', 'tsx', path, ...args]
    this.#child = spawn(command!, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.ended = once(this.#child, 'exit').then(([how]) => `it ended with ${how}`)
    this.#child.on('message', message => {
      this.#said.push(String(message))
      this.#hear()
    })
    onTestFinished(() => {
      this.#child.kill('SIGKILL')
      if (this.#child.connected) this.#child.disconnect()
    })
  }

  /** The next thing it says. */
  async says(): Promise<string> {
    while (this.#said.length === 0) {
      await new Promise<void>(resolve => {
        this.#hear = resolve
      })
    }
    return this.#said.shift()!
  }

  tell(word: string): void {
    this.#child.send(word)
  }

  /** Lets it end by itself. */
  async leave(): Promise<void> {
    this.#child.disconnect()
    await this.ended
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }
}
