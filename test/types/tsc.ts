import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { root } from '../tidy/tree.ts'

/** What the compiler has against a file; lines and columns count from one. */
export interface CompilerError {
  /** From the folder that the compiler ran in, with slashes. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** All that it says, its reasons too, in one line. */
  readonly message: string
}

const compiler = (): string => {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
  return join(dirname(manifest), 'bin', 'tsc')
}

const errorLine = /^(.+?)\((\d+),(\d+)\): error (TS\d+: .*)$/

/** Compiles a project without writing anything and gives its errors; what is no error of a file is thrown. */
export const compile = async (project: string, folder = dirname(project)): Promise<CompilerError[]> => {
  const output = await new Promise<string>((done, failed) => {
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, [compiler(), '-p', project, '--pretty', 'false'], options, (error, stdout, stderr) =>
      error && stdout === '' ? failed(new Error(stderr || error.message)) : done(stdout),
    )
  })
  const errors: { file: string; line: number; column: number; message: string }[] = []
  for (const line of output.split(/\r?\n/)) {
    const [, file, row, column, message] = errorLine.exec(line) ?? []
    const last = errors.at(-1)
    if (file !== undefined) {
      const path = relative(folder, resolve(folder, file)).split(sep).join('/')
      errors.push({ file: path, line: Number(row), column: Number(column), message: message! })
    } else if (line.startsWith(' ') && last) last.message += ` ${line.trim()}`
    else if (line.trim() !== '') throw new Error(`the compiler says: ${line}`)
  }
  return errors
}

/** The library's own compiler options, for a project outside its folder. */
export const libraryConfig = join(root, 'topology', 'tsconfig.json')
