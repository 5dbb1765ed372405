import { spawn } from 'node:child_process'
import type { SourceText } from '../../avro/parse.ts'

const limits = { outputBytesMax: 256 * 1024 * 1024, commitsMax: 50 } as const

/** Git does not know the revision, is not there, or the folder is no repository. */
export class GitError extends Error {
  override readonly name = 'GitError'
}

const run = (folder: string, args: readonly string[], input = ''): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    let length = 0
    let complaint = ''
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > limits.outputBytesMax) child.kill()
      else chunks.push(chunk)
    })
    child.stderr.on('data', chunk => {
      complaint += String(chunk)
    })
    child.on('error', error => reject(new GitError(`git cannot be run: ${error.message}`)))
    child.on('close', code => {
      if (code === 0) resolve(Buffer.concat(chunks))
      else reject(new GitError(complaint.trim().split('\n')[0] || `git ended with ${code}`))
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })

const isRevision = (text: string): boolean => text !== '' && !text.startsWith('-')

/** The commit that a revision names, or undefined when git knows none. */
export const commitOf = async (folder: string, revision: string): Promise<string | undefined> => {
  if (!isRevision(revision)) return undefined
  try {
    return (await run(folder, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`])).toString().trim()
  } catch (error) {
    // Without a word, git only says that there is no such revision; with one, something is wrong.
    if (error instanceof GitError && error.message.startsWith('git ended with')) return undefined
    throw error
  }
}

/** The .avsc files under some paths as a commit has them; names are relative to the folder. */
export const filesAt = async (
  folder: string,
  commit: string,
  paths: readonly string[],
): Promise<readonly SourceText[]> => {
  const listed = await run(folder, ['ls-tree', '-r', '-z', '--name-only', commit, '--', ...paths])
  const names = listed
    .toString()
    .split('\0')
    .filter(name => name.endsWith('.avsc') && !name.includes('\n'))
  if (names.length === 0) return []
  const asked = names.map(name => `${commit}:./${name}\n`).join('')
  const texts = contents(await run(folder, ['cat-file', '--batch'], asked), names.length)
  return names.map((file, at) => ({ file, text: texts[at]! }))
}

/** Splits what `cat-file --batch` prints: for each object a line that ends in its size, its bytes, a line end. */
const contents = (printed: Buffer, count: number): readonly string[] => {
  const texts: string[] = []
  for (let at = 0; texts.length < count; ) {
    const end = printed.indexOf(10, at)
    const size = Number(/ (\d+)$/.exec(printed.toString('utf8', at, end))?.[1])
    if (end < 0 || Number.isNaN(size)) throw new GitError('git printed something else than the files asked for')
    texts.push(printed.toString('utf8', end + 1, end + 1 + size))
    at = end + 2 + size
  }
  return texts
}

/** The commits up to one that changed something under some paths, oldest first, at most so many as are worth reading. */
export const commitsTo = async (
  folder: string,
  commit: string,
  paths: readonly string[],
): Promise<readonly string[]> => {
  const args = ['log', '--format=%H', `--max-count=${limits.commitsMax}`, '--first-parent', commit, '--', ...paths]
  const listed = (await run(folder, args)).toString().trim()
  return listed === '' ? [] : listed.split('\n').toReversed()
}
