import { type Logger, pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { Observer } from '../../../topology/ports/observer.ts'
import { redactor } from './redact.ts'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LogsOptions {
  readonly level: LogLevel
  /** `text`: for people, `json`: one object on each line. */
  readonly format: 'text' | 'json'
  readonly colour?: boolean
  /** Values that must not be seen. */
  readonly secrets: readonly string[]
  write(line: string): void
}

/** Lines of one second; what goes beyond is counted, for one record in a million must not bury all else. */
const linesMax = 50
const secondMs = 1_000
const errorLettersMax = 2_000
/** Failures of a kind that was just told are counted for so long, and told with the next. */
const countedMs = 10_000
const failureKindsMax = 1_000

/** What the topologies of a process say, line by line, without its secrets. */
export class Logs {
  readonly logger: Logger
  /** Failures of one kind: the first is told, those that follow are counted for a while. */
  readonly #failures = new Map<string, { untilMs: number; more: number }>()
  #second = 0
  #lines = 0
  #unsaid = 0

  constructor({ level, format, colour = false, secrets, write }: LogsOptions) {
    const redact = redactor(secrets)
    const pretty = prettyFactory({
      colorize: colour,
      ignore: 'pid,hostname',
      translateTime: 'SYS:HH:MM:ss.l',
      singleLine: true,
    })
    const line = (text: string) => (format === 'json' ? text : String(pretty(text)))
    this.logger = pino(
      { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
      { write: text => write(redact(line(text))) },
    )
  }

  say(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const second = Math.floor(Date.now() / secondMs)
    if (second !== this.#second) {
      if (this.#unsaid > 0) this.logger.warn({ unsaid: this.#unsaid }, 'lines were left out')
      this.#second = second
      this.#lines = 0
      this.#unsaid = 0
    }
    if (++this.#lines > linesMax) this.#unsaid++
    else this.logger[level](cleaned(fields), oneLine(message))
  }

  #failed(policy: string, error: Error, fields: Readonly<Record<string, unknown>>): void {
    if (policy === 'fail') {
      this.say('error', error.message, fields)
      return
    }
    const kind = `${Object.values(fields).join(' ')} ${(error as { code?: string }).code}`
    const known = this.#failures.get(kind)
    const nowMs = performance.now()
    if (known !== undefined && nowMs < known.untilMs) {
      known.more++
      return
    }
    if (this.#failures.size >= failureKindsMax) this.#failures.clear()
    this.#failures.set(kind, { untilMs: nowMs + countedMs, more: 0 })
    const more = known === undefined || known.more === 0 ? {} : { more: known.more }
    this.say('warn', error.message, { ...fields, ...more })
  }

  /** What there is to say of one topology. */
  observer(topology: string): Observer {
    return {
      note: (level, message, fields) => this.say(level, message, { topology, ...fields }),
      failed: (operator, policy, error) => this.#failed(policy, error, { topology, operator, policy }),
      rewound: () => this.say('debug', 'all since the last commit is given up and done again', { topology }),
      committed: figures => {
        if (this.logger.isLevelEnabled('debug')) this.say('debug', 'committed', { topology, ...figures })
      },
    }
  }
}

/** Records may bring line ends and the orders of a terminal: they are shown, not obeyed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what they are looked for by
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

const oneLine = (text: string): string =>
  (text.length <= errorLettersMax ? text : `${text.slice(0, errorLettersMax)}…`).replace(
    controls,
    found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const cleaned = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (value instanceof Error) return [name, oneLine(value.message)]
      return [name, typeof value === 'string' ? oneLine(value) : value]
    }),
  )
