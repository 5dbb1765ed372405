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
  /** What stands for its value in the help. */
  readonly value?: string
  /** It may be given several times. */
  readonly many?: true
}

/** What a command is: its line in the help, its flags, and what it does. */
export interface Command {
  readonly usage: string
  readonly says: string
  /** A line or two more for `--help`. */
  readonly examples?: readonly string[]
  readonly flags: Readonly<Record<string, Flag>>
  run(call: Call): Promise<void>
}

export interface Call {
  readonly arguments: readonly string[]
  readonly env: NodeJS.ProcessEnv
  flag(name: string): string | undefined
  /** Of a flag that may be given several times, or with commas in its twin. */
  all(name: string): readonly string[]
  is(name: string): boolean
  /** A whole number within limits, or a word on what the flag takes. */
  number(name: string, min: number, max: number): number
  /** One of these words. */
  choice<const W extends string>(name: string, words: readonly W[]): W
}

/** `--commit-interval` is FRANZ_COMMIT_INTERVAL in the environment. */
export const twinOf = (flag: string): string => `FRANZ_${flag.toUpperCase().replaceAll('-', '_')}`

/** Reads the arguments of a command; a flag beats its twin in the environment, which beats the default. */
export const callOf = (command: Command, args: readonly string[], env: NodeJS.ProcessEnv): Call => {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, { type, many }]) => [name, { type, multiple: many === true }]),
  ) as NonNullable<ParseArgsConfig['options']>
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const given = (name: string) => values[name] ?? (env[twinOf(name)] || command.flags[name]?.default)
    return new GivenCall(positionals, env, given)
  } catch (error) {
    throw new CommandError(
      'usage',
      `${(error as Error).message.split('. To specify')[0]}\nUsage: franz ${command.usage}`,
    )
  }
}

class GivenCall implements Call {
  readonly arguments: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly #given: (name: string) => unknown

  constructor(positionals: readonly string[], env: NodeJS.ProcessEnv, given: (name: string) => unknown) {
    this.arguments = positionals
    this.env = env
    this.#given = given
  }

  flag(name: string): string | undefined {
    const value = this.#given(name)
    return value === undefined ? undefined : String(value)
  }

  all(name: string): readonly string[] {
    const value = this.#given(name)
    if (value === undefined) return []
    return (Array.isArray(value) ? value : String(value).split(',')).map(each => String(each).trim())
  }

  is(name: string): boolean {
    return [true, 'true', '1'].includes(this.#given(name) as string | boolean)
  }

  number(name: string, min: number, max: number): number {
    const value = Number(this.flag(name))
    if (Number.isInteger(value) && value >= min && value <= max) return value
    throw new CommandError('usage', `--${name} takes a whole number from ${min} to ${max}, not "${this.flag(name)}".`)
  }

  choice<const W extends string>(name: string, words: readonly W[]): W {
    const found = words.find(word => word === this.flag(name))
    if (found !== undefined) return found
    throw new CommandError('usage', `--${name} takes ${words.join(', ')}, not "${this.flag(name)}".`)
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
