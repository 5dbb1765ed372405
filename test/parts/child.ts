import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

// Starts the programs of other people, waits until they are ready, and leaves none of them behind.

const lookEveryMs = 20
const readyDeadlineMs = 60_000
const stopDeadlineMs = 20_000
const tailLines = 30

export interface Command {
  /** What people call it. */
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  /** Its output goes here. */
  readonly log: string
  /** A line of the output that says so, or a question that is asked again and again. */
  readonly ready: string | (() => Promise<boolean>)
  readonly environment?: NodeJS.ProcessEnv
  readonly user?: { readonly uid: number; readonly gid: number }
}

export interface Running {
  readonly pid: number
  /** Asks it to stop and waits; kills it when it does not. */
  stop(signal?: NodeJS.Signals): Promise<void>
  kill(): Promise<void>
  signal(signal: NodeJS.Signals): void
  readonly alive: boolean
}

/** A shell that outlives this process by an instant, however it ends, and takes the program along. */
const takeAlong = (pid: number): ChildProcess => {
  const shell = spawn('sh', ['-c', `cat > /dev/null; kill -9 ${pid} 2> /dev/null`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  shell.unref()
  return shell
}

const tail = (log: string): string => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-tailLines).join('\n')

const isReady = async ({ ready, log }: Command): Promise<boolean> =>
  typeof ready === 'string' ? readFileSync(log, 'utf8').includes(ready) : ready()

export const startChild = async (command: Command): Promise<Running> => {
  const output = openSync(command.log, 'w')
  const child = spawn(command.program, command.args, {
    stdio: ['ignore', output, output],
    env: command.environment ?? process.env,
    ...command.user,
  })
  closeSync(output)
  const failed = new Promise<Error>(resolve => child.once('error', resolve))
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  if (child.pid === undefined) throw new Error(`${command.name} did not start`, { cause: await failed })
  const companion = takeAlong(child.pid)
  child.unref()
  const alive = (): boolean => child.exitCode === null && child.signalCode === null
  const gone = async (): Promise<void> => {
    child.ref()
    await exited
    companion.kill('SIGKILL')
  }
  const kill = async (): Promise<void> => {
    if (alive()) child.kill('SIGKILL')
    await gone()
  }
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (alive()) {
      child.ref()
      child.kill('SIGCONT')
      child.kill(signal)
      await Promise.race([exited, pause(stopDeadlineMs, undefined, { ref: false })])
    }
    await kill()
  }
  const deadline = Date.now() + readyDeadlineMs
  while (!(await isReady(command))) {
    const late = Date.now() > deadline
    if (alive() && !late) {
      await pause(lookEveryMs)
      continue
    }
    await kill()
    const what = late ? `is not ready after ${readyDeadlineMs / 1_000} s` : 'ended at once'
    throw new Error(`${command.name} ${what}. Its last words, of ${command.log}:\n${tail(command.log)}`)
  }
  return {
    pid: child.pid,
    stop,
    kill,
    signal: signal => void child.kill(signal),
    get alive() {
      return alive()
    },
  }
}

/** Ports that nobody listens on, all different. */
export const freePorts = async (howMany: number): Promise<number[]> => {
  const servers = Array.from({ length: howMany }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      server =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
        }),
    ),
  )
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}
