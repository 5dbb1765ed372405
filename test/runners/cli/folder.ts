import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Program } from '../../newcomer/process.ts'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** An empty folder with some files in it, and the command as its user types it there. */
export const newFolder = (files: Readonly<Record<string, string>> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-cli-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const start = (args: string, input?: string, env?: NodeJS.ProcessEnv) =>
    new Program(process.execPath, [join(root, 'bin/franz.mjs'), ...args.split(' ')], {
      cwd: folder,
      ...(input !== undefined && { input }),
      ...(env && { env }),
    })
  const franz = async (args: string, input?: string, env?: NodeJS.ProcessEnv) => {
    const program = start(args, input, env)
    const code = await program.ended
    return { code, says: program.output }
  }
  return { folder, start, franz }
}

export const linesOf = (records: readonly object[]): string =>
  records.map(record => `${JSON.stringify(record)}\n`).join('')
