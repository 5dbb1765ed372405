// One subject against all its versions that count: the newest in full, older ones for what only they break.
import { type CompatibilityMode, type Direction, directionsOf, isTransitive } from '../avro/compat.ts'
import type { Schema } from '../avro/schema.ts'
import { type Change, type CompareOptions, changeOf } from './compare/change.ts'
import { named } from './compare/describe.ts'
import { compareSchemas } from './compare/index.ts'
import type { FindingDirection } from './finding.ts'
import { isSafe, type RuleCode } from './rules/index.ts'

/** A version of a schema and how it is called: `version 3`, `origin/main`. */
export interface Version {
  readonly label: string
  readonly schema: Schema
}

/** A change and the version it is about, as an index into the versions. */
export interface DatedChange extends Change {
  readonly version: number
}

const demands = (mode: CompatibilityMode, direction: FindingDirection): boolean => {
  const directions: readonly Direction[] = directionsOf(mode)
  return direction === 'both' ? directions.length > 0 : directions.includes(direction as Direction)
}

/** Whether a change is about reading at all, and so for the mode to judge. */
const isAboutReading = (change: Change): boolean => change.axis[0] === 'WIRE' || change.axis[0] === 'NODE'

/** What the mode does not ask for is a warning: it is safe in the right order. */
const judged = (change: Change, mode: CompatibilityMode): Change =>
  change.level === 'error' && isAboutReading(change) && !demands(mode, change.direction)
    ? { ...change, level: 'warn' }
    : change

const keyOf = ({ code, path, direction }: Change): string => `${code}|${path}|${direction}`

/** Every change of a subject, judged by the mode; versions are oldest first. */
export const changesOf = (
  versions: readonly Version[],
  next: Schema,
  mode: CompatibilityMode,
  options: CompareOptions,
): readonly DatedChange[] => {
  const latest = versions.length - 1
  if (latest < 0) return []
  const newest = compareSchemas(versions[latest]!.schema, next, options)
  const known = new Set(newest.map(keyOf))
  const found: DatedChange[] = newest.map(change => ({ ...judged(change, mode), version: latest }))
  for (let version = latest - 1; version >= 0; version--) {
    const changes = compareSchemas(versions[version]!.schema, next, options)
    found.push(...reused(newest, changes, versions[version]!).map(change => ({ ...change, version })))
    if (!isTransitive(mode)) continue
    for (const change of changes) {
      if (isSafe(change.code) || change.level === 'info' || known.has(keyOf(change))) continue
      if (!isAboutReading(change) || !demands(mode, change.direction)) continue
      known.add(keyOf(change))
      found.push({ ...overSteps(change, newest, versions[version]!, found), version })
    }
  }
  return found
}

/** A field that is new to an old version, and had a default until now: the trap of compatible single steps. */
const overSteps = (change: Change, newest: readonly Change[], old: Version, found: DatedChange[]): Change => {
  const lost = newest.find(each => each.code === 'AV304' && each.path === change.path)
  if (change.code !== 'AV101' || lost === undefined)
    return { ...change, message: `${change.message} (since ${old.label})` }
  // The warning about the lost default is proven now: this finding takes its place.
  const proven = found.findIndex(each => each.code === 'AV304' && each.path === change.path && each.level === 'warn')
  if (proven >= 0) found.splice(proven, 1)
  const { shows, direction, path } = change
  const ends = { old: change.old, new: lost.new, shows, direction, path }
  return changeOf('AV304', {
    ...ends,
    level: 'error',
    axis: ['WIRE', 'NODE'],
    message: `${old.label} has no ${named(path)}, and it has no default any more: every step was compatible, all together are not`,
    ...(lost.fix && { fix: lost.fix }),
  })
}

const differs: readonly RuleCode[] = ['AV105', 'AV106', 'AV107', 'AV111', 'AV112', 'AV301', 'AV302', 'AV306']

/** Fields that came in now under a name that an older version used. */
const reused = (newest: readonly Change[], older: readonly Change[], old: Version): readonly Change[] => {
  const came = newest.filter(({ code }) => code === 'AV001' || code === 'AV101')
  return came.flatMap(change => {
    if (older.some(({ code, path }) => path === change.path && (code === 'AV001' || code === 'AV101'))) return []
    const other = older.find(({ code, path }) => path === change.path && differs.includes(code))
    if (other === undefined && older.some(({ code, path }) => isParent(path, change.path) && differs.includes(code)))
      return []
    const meant = other === undefined ? 'possibly for something else' : `as ${other.old?.value}`
    const { path, shows } = change
    return changeOf('AV308', {
      old: other?.old,
      new: change.new,
      path,
      shows: other?.shows ?? shows,
      direction: other === undefined ? 'none' : other.direction === 'none' ? 'backward' : other.direction,
      message: `${named(path)} comes back: ${old.label} used the name ${meant}, and its records are read into the new field`,
    })
  })
}

const isParent = (path: string, of: string): boolean =>
  path === '' || of.startsWith(`${path}.`) || of.startsWith(`${path}[`)
