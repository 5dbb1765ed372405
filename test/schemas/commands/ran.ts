import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Command } from '../../../schemas/commands/arguments.ts'
import type { CommandIo, ExitCode } from '../../../schemas/commands/io.ts'

export interface Ran {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

/** Runs a command with what it needs of the world, and keeps its words. */
export const ran = async (command: Command, args: readonly string[], world: Partial<CommandIo> = {}): Promise<Ran> => {
  const said = { out: '', err: '' }
  const io: CommandIo = {
    out: text => {
      said.out += text
    },
    err: text => {
      said.err += text
    },
    env: {},
    now: () => new Date('2026-11-21T12:00:00Z'),
    ...world,
  }
  return { code: await command(args, io), ...said }
}

/** A folder of its own for one test. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'franz-schemas-'))

  write(name: string, content: unknown): this {
    const full = join(this.path, name)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2))
    return this
  }

  remove(name: string): this {
    rmSync(join(this.path, name), { recursive: true })
    return this
  }

  git(...args: readonly string[]): string {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false']
    return execFileSync('git', [...identity, ...args], { cwd: this.path, stdio: ['ignore', 'pipe', 'pipe'] }).toString()
  }

  /** Everything as it stands now becomes a commit. */
  commit(): this {
    try {
      this.git('rev-parse', '--git-dir')
    } catch {
      this.git('init', '-q', '-b', 'main')
    }
    this.git('add', '-A')
    this.git('commit', '-q', '--allow-empty', '-m', 'schemas')
    return this
  }

  end(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
