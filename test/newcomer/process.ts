import { type ChildProcess, spawn } from 'node:child_process'

/** A process of a test: its words, and its end. */
export class Program {
  readonly child: ChildProcess
  output = ''
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  #heard: () => void = () => {}

  constructor(
    command: string,
    args: readonly string[],
    options: { cwd: string; input?: string; env?: NodeJS.ProcessEnv },
  ) {
    this.child = spawn(command, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, detached: true })
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on('data', data => {
        this.output += data
        this.#heard()
      })
    }
    this.child.stdin!.end(options.input)
    this.ended = new Promise(done =>
      this.child.on('close', (code, signal) => {
        this.#heard()
        done(signal ?? code ?? -1)
      }),
    )
  }

  /** Waits until the process has said something that fits. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.output)
      if (found) return found
      const end = this.child.exitCode ?? this.child.signalCode
      if (end !== null) throw new Error(`it ended with ${end} before saying ${pattern}:\n${this.output}`)
      await new Promise<void>(heard => {
        this.#heard = heard
      })
    }
  }

  /** To the whole group, as Ctrl-C in a terminal. */
  signal(signal: NodeJS.Signals): void {
    process.kill(-this.child.pid!, signal)
  }
}

/** Runs a program to its end, which must be a good one. */
export const runs = async (
  command: string,
  args: readonly string[],
  options: { cwd: string; input?: string; env?: NodeJS.ProcessEnv },
): Promise<string> => {
  const program = new Program(command, args, options)
  const code = await program.ended
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${program.output}`)
  return program.output
}
