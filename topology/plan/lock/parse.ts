import { TopologyError } from '../../errors.ts'
import { type OnLine, readJson } from './json-lines.ts'
import { dictionary, type LockedTopology, type LockFile } from './lock-file.ts'

/** What a field holds; with a question mark it may be missing. */
type Kind = 'text' | 'count' | 'names' | 'text?' | 'count?' | 'all?'

/** The fields of each section's entries, in the order in which they are written: what is not here is not known. */
const sections: Readonly<Record<keyof Required<LockedTopology>, Readonly<Record<string, Kind>>>> = {
  sources: { key: 'text', value: 'text', reads: 'all?', partitions: 'count?', connector: 'text?' },
  exchanges: { topic: 'text', key: 'text', value: 'text', partitions: 'count?' },
  stores: {
    layout: 'text',
    key: 'text',
    value: 'text',
    version: 'count',
    window: 'text?',
    retentionMs: 'count?',
    changelog: 'text?',
    rebuiltFrom: 'text?',
    partitions: 'count?',
    fedBy: 'names',
  },
  calls: { version: 'count' },
  sinks: { key: 'text?', value: 'text?', partitions: 'count?' },
  deliveries: { topics: 'names', formats: 'names' },
}

/** Sections that a file may leave out. */
const optional: readonly string[] = ['deliveries']

/**
 * Reads a lock file; what is wrong with it is said with its line. `file` is its name, for that.
 * @example const deployed = parseLock(readFileSync('desk.lock.json', 'utf8'), 'desk.lock.json')
 */
export const parseLock = (text: string, file: string): LockFile => {
  const conflict = text.split('\n').findIndex(line => /^(<{7}|={7}|>{7})/.test(line))
  if (conflict >= 0)
    throw new TopologyError('LOCK_WRONG', `${file}:${conflict + 1}`, 'a merge has not been finished here')
  return new Parser(file).lockFile(readJson(text, file))
}

class Parser {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  #wrong(line: number, detail: string): never {
    throw new TopologyError('LOCK_WRONG', `${this.#file}:${line}`, detail)
  }

  lockFile(node: OnLine): LockFile {
    const { line, members } = this.#object(node, 'the file', ['formatVersion', 'topologies'])
    const version = members.get('formatVersion')
    if (version === undefined) this.#wrong(line, 'its "formatVersion" is missing')
    if (version.value !== 1) {
      const detail = `its formatVersion is ${JSON.stringify(version.value)}, and this version of the library knows 1`
      throw new TopologyError('LOCK_NEWER', `${this.#file}:${version.line}`, detail)
    }
    const topologies = members.get('topologies') ?? this.#wrong(line, 'its "topologies" are missing')
    return {
      formatVersion: 1,
      topologies: this.#each(topologies, '"topologies"', (entry, what) => this.#topology(entry, what)),
    }
  }

  #topology(node: OnLine, what: string): LockedTopology {
    const names = Object.keys(sections) as (keyof LockedTopology)[]
    const { line, members } = this.#object(node, what, names)
    const read = names.flatMap(name => {
      const section = members.get(name)
      if (section === undefined)
        return optional.includes(name) ? [] : this.#wrong(line, `the "${name}" of ${what} are missing`)
      return [
        [
          name,
          this.#each(section, `the "${name}" of ${what}`, (entry, its) => this.#entry(entry, its, sections[name])),
        ],
      ]
    })
    return Object.fromEntries(read) as LockedTopology
  }

  #each<T>(node: OnLine, what: string, read: (entry: OnLine, what: string) => T): Readonly<Record<string, T>> {
    const { members } = this.#object(node, what)
    return dictionary([...members].map(([name, entry]) => [name, read(entry, `"${name}"`)]))
  }

  #entry(node: OnLine, what: string, fields: Readonly<Record<string, Kind>>): object {
    const { line, members } = this.#object(node, what, Object.keys(fields))
    const read = Object.entries(fields).flatMap(([field, kind]) => {
      const found = members.get(field)
      if (found === undefined)
        return kind.endsWith('?') ? [] : this.#wrong(line, `the "${field}" of ${what} is missing`)
      return [[field, this.#field(found, `the "${field}" of ${what}`, kind)]]
    })
    return Object.fromEntries(read)
  }

  #field({ line, value }: OnLine, what: string, kind: Kind): unknown {
    if (kind.startsWith('text')) return typeof value === 'string' ? value : this.#wrong(line, `${what} is not a text`)
    if (kind === 'all?') return value === 'all' ? value : this.#wrong(line, `${what} is not "all"`)
    if (kind === 'names') {
      if (!Array.isArray(value)) this.#wrong(line, `${what} is not a list of names`)
      return (value as readonly OnLine[]).map(item => this.#field(item, `an entry of ${what}`, 'text'))
    }
    return Number.isSafeInteger(value) && (value as number) >= 0
      ? value
      : this.#wrong(line, `${what} is not a whole number`)
  }

  #object({ line, value }: OnLine, what: string, known?: readonly string[]) {
    if (!(value instanceof Map)) this.#wrong(line, `${what} is not an object`)
    const members = value as ReadonlyMap<string, OnLine>
    const stranger = [...members].find(([name]) => known !== undefined && !known.includes(name))
    if (stranger) this.#wrong(stranger[1].line, `"${stranger[0]}" is not known in ${what}`)
    return { line, members }
  }
}
