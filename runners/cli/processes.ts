// Several processes of one command on this machine, each a member of its own: on Kafka they share the partitions.
import { type ChildProcess, spawn } from 'node:child_process'
import { type Call, CommandError, twinOf } from './command.ts'
import { untilSignal } from './signals.ts'

export const processesMax = 64

/** The native client takes a thread for each of its calls, and its threads need no memory of their own. */
const processDefaults = { UV_THREADPOOL_SIZE: '16', MALLOC_ARENA_MAX: '2' } as const

/** Flags that each process has of its own. */
const own = ['processes', 'instance', 'metrics-port'] as const

/** What was typed, without the flags that each process has of its own. */
export const sharedArguments = (args: readonly string[]): string[] => {
  const shared: string[] = []
  for (let at = 0; at < args.length; at++) {
    const name = own.find(flag => args[at] === `--${flag}` || args[at]!.startsWith(`--${flag}=`))
    if (name === undefined) shared.push(args[at]!)
    else if (args[at] === `--${name}`) at++
  }
  return shared
}

const endOf = (child: ChildProcess): Promise<number> =>
  new Promise(resolve => child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1)))

/** Runs the command so often, until a signal comes or one of them ends; then the others are stopped, too. */
export const runProcesses = async (call: Call, count: number, args: readonly string[]): Promise<void> => {
  if (call.flag('brokers') === undefined)
    throw new CommandError('usage', '--processes shares the work of topics on Kafka: name brokers with --brokers.')
  const instance = call.flag('instance') ?? 'process'
  const port = call.flag('metrics-port')
  const children = Array.from({ length: count }, (_, index) =>
    spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...sharedArguments(args)], {
      stdio: 'inherit',
      env: {
        ...processDefaults,
        ...process.env,
        [twinOf('processes')]: '',
        [twinOf('instance')]: `${instance}-${index + 1}`,
        ...(port !== undefined && { [twinOf('metrics-port')]: port === '0' ? '0' : String(Number(port) + index) }),
      },
    }),
  )
  const ends = children.map(endOf)
  const first = await Promise.race([untilSignal(), ...ends])
  for (const child of children) child.kill('SIGTERM')
  const codes = await Promise.all(ends)
  if (typeof first === 'string') return
  const failed = codes.find(code => code !== 0)
  if (failed !== undefined)
    throw new CommandError('failed', `one of ${count} processes ended with exit code ${failed}, so all were stopped.`)
}
