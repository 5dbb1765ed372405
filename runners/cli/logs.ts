import { Logs, logLevels, secretsOf } from '../host/index.ts'
import type { Call, Flag } from './command.ts'

export const logsFlags: Readonly<Record<string, Flag>> = {
  'log-level': { type: 'string', says: logLevels.join(', '), default: 'info' },
  'log-format': { type: 'string', says: 'text or json; text on a terminal, else json', value: 'FORMAT' },
}

/** The logs of a command, on stderr: pretty on a terminal, and without the secrets of its environment. */
export const openLogs = (call: Call): Logs => {
  const isTerminal = process.stderr.isTTY === true
  const chosen = call.flag('log-format') === undefined ? undefined : call.choice('log-format', ['text', 'json'])
  return new Logs({
    level: call.choice('log-level', logLevels),
    format: chosen ?? (isTerminal ? 'text' : 'json'),
    colour: isTerminal && call.env.NO_COLOR === undefined,
    secrets: secretsOf(call.env),
    write: line => process.stderr.write(line),
  })
}
