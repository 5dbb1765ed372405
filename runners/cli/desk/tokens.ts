import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Token, tokensFrom } from '../../../dashboards/api/index.ts'
import { CommandError } from '../command.ts'

// The tokens of the dashboard's API in the data folder: names, roles and hashes, a line each. The tokens themselves are nowhere.

/** Where they are kept. */
export const tokensFile = (data: string): string => join(data, 'tokens')

const head = '# Who may call the dashboard: NAME:ROLE:SHA256 of the token. Written by `franz token`.'
const forOwner = 0o600

export const readTokens = (file: string): readonly Token[] => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new CommandError('failed', `the tokens cannot be read: ${(error as Error).message}`)
  }
  try {
    return tokensFrom(text)
  } catch (error) {
    throw new CommandError('badInput', `${file}: ${(error as Error).message}`)
  }
}

/** The file is never there in half: a server may read it at any time. */
export const writeTokens = (data: string, tokens: readonly Token[]): void => {
  mkdirSync(data, { recursive: true })
  const file = tokensFile(data)
  const beside = `${file}.${process.pid}`
  const lines = tokens.map(({ name, role, hash }) => `${name}:${role}:${hash}`)
  writeFileSync(beside, `${[head, ...lines].join('\n')}\n`, { mode: forOwner })
  chmodSync(beside, forOwner)
  renameSync(beside, file)
}

/** The tokens of this moment, for a server that is asked by many: the file is read again only when it has changed. */
export const watchedTokens = (data: string): (() => readonly Token[]) => {
  const file = tokensFile(data)
  let seen: string | undefined
  let kept: readonly Token[] = []
  return () => {
    const found = statSync(file, { throwIfNoEntry: false })
    const stamp = found === undefined ? undefined : `${found.ino} ${found.mtimeMs} ${found.size}`
    if (stamp !== seen) kept = readTokens(file)
    seen = stamp
    return kept
  }
}
