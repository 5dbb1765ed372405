import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Exit codes, the same for every command. */
export const exits = { done: 0, failed: 1, usage: 2, badInput: 3, unreachable: 4, bug: 70 } as const

/** An error that its user can act on: it is shown without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exit: number

  constructor(exit: keyof typeof exits, message: string) {
    super(message)
    this.exit = exits[exit]
  }
}

export interface Flag {
  readonly type: 'string' | 'boolean'
  readonly says: string
  readonly default?: string
}

/** What a command is: its line in the help, its flags, and what it does. */
export interface Command {
  readonly usage: string
  readonly says: string
  readonly flags: Readonly<Record<string, Flag>>
  run(call: Call): Promise<void>
}

export interface Call {
  readonly arguments: readonly string[]
  flag(name: string): string | undefined
  is(name: string): boolean
}

/** `--commit-interval` is FRANZ_COMMIT_INTERVAL in the environment. */
export const twinOf = (flag: string): string => `FRANZ_${flag.toUpperCase().replaceAll('-', '_')}`

/** Reads the arguments of a command; a flag beats its twin in the environment, which beats the default. */
export const callOf = (command: Command, args: readonly string[], env: NodeJS.ProcessEnv): Call => {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, { type }]) => [name, { type }]),
  ) as NonNullable<ParseArgsConfig['options']>
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const given = (name: string) => values[name] ?? env[twinOf(name)] ?? command.flags[name]?.default
    return {
      arguments: positionals,
      flag: name => {
        const value = given(name)
        return value === undefined ? undefined : String(value)
      },
      is: name => [true, 'true', '1'].includes(given(name) as string | boolean),
    }
  } catch (error) {
    throw new CommandError(
      'usage',
      `${(error as Error).message.split('. To specify')[0]}\nUsage: franz ${command.usage}`,
    )
  }
}

/** The nearest of several names, for "did you mean". */
export const nearest = (wanted: string, names: readonly string[]): string | undefined => {
  const distances = names.map(name => [distance(wanted, name), name] as const).sort(([a], [b]) => a - b)
  const best = distances[0]
  return best && best[0] <= Math.max(2, wanted.length / 3) ? best[1] : undefined
}

/** How many letters to add, drop or change. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}
