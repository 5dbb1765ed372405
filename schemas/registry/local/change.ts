import { type Book, type Change, type Level, levels, type Mode, modes, type Settings, type Version } from './book.ts'
import { checkWritable, type Plan } from './register.ts'
import { refusals } from './rest-error.ts'

/** Deletes one version: softly first, then for good. */
export const planVersionDeletion = (
  book: Book,
  subject: string,
  number: number | 'latest',
  permanent: boolean,
): Plan<number> => {
  const version = number === 'latest' ? latest(book, subject) : book.version(subject, number)
  if (version === undefined) throw absent(book, subject, number)
  if (version.hidden && !permanent) throw refusals.versionHidden(version)
  checkWritable(subject, book.modeInForce(subject))
  if (book.referredBy(version, permanent ? 'all' : 'visible').length > 0) throw refusals.referenced(version)
  if (permanent && !version.hidden) throw refusals.versionNotHidden(version)
  const changes: Change[] = [{ did: permanent ? 'drop' : 'hide', key: keyOf(version) }]
  if (permanent && book.versions(subject, 'all').length === 1) changes.push(...forgetSettings(book, subject))
  return { changes, answer: version.version }
}

const latest = (book: Book, subject: string): Version | undefined => book.versions(subject, 'visible').at(-1)

const keyOf = ({ subject, version }: Version) => ({ subject, version })

/** The refusal for a version that is not there. */
export const absent = (book: Book, subject: string, number: number | 'latest') =>
  book.versions(subject, 'all').length === 0
    ? refusals.subjectUnknown(subject)
    : refusals.versionUnknown(number === 'latest' ? -1 : number)

/** Deletes all versions of a subject: softly first, then for good. */
export const planSubjectDeletion = (book: Book, subject: string, permanent: boolean): Plan<readonly number[]> => {
  checkWritable(subject, book.modeInForce(subject))
  const every = book.versions(subject, 'all')
  const visible = book.versions(subject, 'visible')
  if (every.length === 0) throw refusals.subjectUnknown(subject)
  if (!permanent && visible.length === 0) throw refusals.subjectHidden(subject)
  const gone = permanent ? every : visible
  for (const version of gone) {
    const others = book.referredBy(version, permanent ? 'all' : 'visible').filter(each => each.subject !== subject)
    if (others.length > 0) throw refusals.referenced(version)
  }
  if (permanent && visible.length > 0) throw refusals.subjectNotHidden(subject)
  const changes: Change[] = gone.map(version => ({ did: permanent ? 'drop' : 'hide', key: keyOf(version) }))
  if (permanent) changes.push(...forgetSettings(book, subject))
  return { changes, answer: gone.map(version => version.version) }
}

const forgetSettings = (book: Book, subject: string): readonly Change[] => {
  const changes: Change[] = []
  if (book.settings(subject) !== undefined) changes.push({ did: 'set', subject, settings: null })
  if (book.mode(subject) !== undefined) changes.push({ did: 'mode', subject, mode: null })
  return changes
}

/** Sets what is given and keeps the rest. Subject `null` is for all. */
export const planSettings = (book: Book, subject: string | null, wanted: Settings): Plan<Settings> => {
  checkWritable(subject ?? 'all subjects', book.modeInForce(subject))
  const settings = { ...book.settings(subject), ...wanted }
  return { changes: [{ did: 'set', subject, settings }], answer: settings }
}

export const planSettingsDeletion = (book: Book, subject: string | null): Plan<Settings> => {
  const settings = book.settings(subject)
  if (settings === undefined && subject !== null) throw refusals.subjectUnknown(subject)
  checkWritable(subject ?? 'all subjects', book.modeInForce(subject))
  const changes: Change[] = settings === undefined ? [] : [{ did: 'set', subject, settings: null }]
  return { changes, answer: settings ?? {} }
}

/** A mode can always be changed, or nothing would end READONLY. IMPORT wants no schemas there, unless forced. */
export const planMode = (book: Book, subject: string | null, mode: Mode, force: boolean): Plan<Mode> => {
  const changes: Change[] = []
  if (mode === 'IMPORT' && book.modeInForce(subject) !== 'IMPORT' && !force) {
    const subjects = subject === null ? book.subjects('all') : [subject]
    const versions = subjects.flatMap(each => book.versions(each, 'all'))
    if (versions.some(each => !each.hidden)) {
      throw refusals.notPermitted('Schemas exist, so IMPORT would mix ids. force=true imports all the same.')
    }
    for (const version of versions) {
      if (book.referredBy(version, 'all').some(each => !versions.includes(each))) throw refusals.referenced(version)
      changes.push({ did: 'drop', key: keyOf(version) })
    }
  }
  changes.push({ did: 'mode', subject, mode })
  return { changes, answer: mode }
}

export const planModeDeletion = (book: Book, subject: string | null): Plan<Mode> => {
  const mode = book.mode(subject)
  if (mode === undefined && subject !== null) throw refusals.subjectUnknown(subject)
  const changes: Change[] = mode === undefined ? [] : [{ did: 'mode', subject, mode: null }]
  return { changes, answer: mode ?? 'READWRITE' }
}

export const levelNamed = (name: unknown): Level => {
  const level = typeof name === 'string' ? levels.find(each => each === name.toUpperCase()) : undefined
  if (level === undefined) throw refusals.badLevel()
  return level
}

export const modeNamed = (name: unknown): Mode => {
  const mode = typeof name === 'string' ? modes.find(each => each === name.toUpperCase()) : undefined
  if (mode === undefined) throw refusals.badMode()
  return mode
}
