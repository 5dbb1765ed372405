import type { LockFile } from './lock-file.ts'

/**
 * The text of a lock file: sorted, one thing on each line, so that a change in version control reads as what it is.
 * @example writeFileSync('desk.lock.json', writeLock(lock(plan(desk.graph))))
 */
export const writeLock = ({ formatVersion, topologies }: LockFile): string =>
  `${braced('', [
    `"formatVersion": ${formatVersion}`,
    `"topologies": ${braced(
      '  ',
      Object.entries(topologies).map(([name, sections]) => `${JSON.stringify(name)}: ${topologyText(sections)}`),
    )}`,
  ])}\n`

const topologyText = (sections: object): string =>
  braced(
    '    ',
    Object.entries(sections).map(([name, entries]) => `${JSON.stringify(name)}: ${sectionText(entries)}`),
  )

const sectionText = (entries: object): string =>
  braced(
    '      ',
    Object.entries(entries).map(([name, entry]) => `${JSON.stringify(name)}: ${inline(entry)}`),
  )

/** One member on each line; nothing in it, nothing on other lines. */
const braced = (indent: string, members: readonly string[]): string =>
  members.length === 0 ? '{}' : `{\n${members.map(member => `${indent}  ${member}`).join(',\n')}\n${indent}}`

const inline = (entry: object): string =>
  `{ ${Object.entries(entry)
    .map(([name, value]) => `"${name}": ${Array.isArray(value) ? listed(value) : JSON.stringify(value)}`)
    .join(', ')} }`

const listed = (names: readonly unknown[]): string => `[${names.map(name => JSON.stringify(name)).join(', ')}]`
