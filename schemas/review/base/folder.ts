import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { SourceText } from '../../avro/parse.ts'

const skipped = new Set(['node_modules', '.git', 'dist', 'target'])

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

/** Every .avsc file under a path, by names relative to `root` and in their order; one file when the path is a file. */
export const schemaFiles = async (root: string, path: string): Promise<readonly SourceText[]> => {
  const full = resolve(root, path)
  if (!(await isFolder(full))) return [{ file: path.replaceAll('\\', '/'), text: await readFile(full, 'utf8') }]
  const entries = await readdir(full, { withFileTypes: true })
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const inner = await Promise.all(
    sorted.map(entry => {
      const name = path === '.' ? entry.name : join(path, entry.name)
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : schemaFiles(root, name)
      return entry.name.endsWith('.avsc') ? schemaFiles(root, name) : []
    }),
  )
  return inner.flat()
}

export { isFolder }
