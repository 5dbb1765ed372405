import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { diffAll, diffText, type LockFile, lock, parseLock, plan, writeLock } from '../../topology/index.ts'
import { type Call, type Command, CommandError, type Flag } from './command.ts'
import { openLog } from './open-log.ts'
import { onlyArgument, topologiesOf } from './pipelines.ts'

const lockFlag: Flag = { type: 'string', says: 'the lock file; else the one beside FILE' }
const logFlags: Readonly<Record<string, Flag>> = {
  data: { type: 'string', says: 'a data folder whose partition counts are locked and compared, too', value: 'DIR' },
  brokers: { type: 'string', says: 'Kafka, whose partition counts are', value: 'LIST' },
}

/** `desk.ts` is locked in `desk.lock.json`. */
const lockPath = (call: Call, file: string): string =>
  call.flag('lock') ?? `${file.replace(/\.[cm]?[jt]s$/, '')}.lock.json`

const readLock = (path: string): LockFile | undefined => {
  if (!existsSync(path)) return undefined
  try {
    return parseLock(readFileSync(path, 'utf8'), path)
  } catch (error) {
    throw new CommandError('badInput', (error as Error).message)
  }
}

/** The partition counts that a log knows; nothing where none is named. */
const countsOf = async (call: Call): Promise<ReadonlyMap<string, number>> => {
  if (call.flag('data') === undefined && call.flag('brokers') === undefined) return new Map()
  const opened = await openLog(call, 'existing')
  try {
    return new Map((await opened.operations.topics()).map(({ name, partitions }) => [name, partitions]))
  } finally {
    await opened.close()
  }
}

export const lockCommand: Command = {
  usage: 'lock FILE [--lock FILE]',
  says: 'writes down the plan as deployed, to compare later ones with',
  flags: { lock: lockFlag, ...logFlags },
  async run(call) {
    const file = onlyArgument(call, 'the pipeline file')
    const path = lockPath(call, file)
    const counts = await countsOf(call)
    let locked = readLock(path)
    for (const topology of await topologiesOf(file)) locked = lock(plan(topology.graph), counts, locked)
    writeFileSync(path, writeLock(locked!))
    console.log(`${path} holds ${Object.keys(locked!.topologies).join(', ')}. Check it in.`)
  },
}

export const diffCommand: Command = {
  usage: 'diff FILE [--lock FILE]',
  says: 'says what a change of the code costs what is deployed; exit 1 if anything would be lost',
  flags: { lock: lockFlag, ...logFlags, format: { type: 'string', says: 'text or json', default: 'text' } },
  async run(call) {
    const file = onlyArgument(call, 'the pipeline file')
    const path = lockPath(call, file)
    const locked = readLock(path)
    if (locked === undefined)
      throw new CommandError('failed', `there is no lock file ${path}. Write it with \`franz lock ${file}\`.`)
    const plans = (await topologiesOf(file)).map(topology => plan(topology.graph))
    const diffs = diffAll(locked, plans, await countsOf(call))
    process.stdout.write(
      call.flag('format') === 'json' ? `${JSON.stringify(diffs, null, 2)}\n` : diffs.map(diffText).join('\n'),
    )
    if (diffs.some(({ breaks }) => breaks))
      throw new CommandError('failed', 'what is deployed would not survive this change as it is.')
  },
}
