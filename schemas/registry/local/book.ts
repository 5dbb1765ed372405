// The book of a registry, in memory. Owns: versions per subject, ids, levels, modes, and the rules that ids and versions
// follow. Does not own: the disk (Journal), what a request may do (verbs in registry.ts).
// I1  one id stands for one schema text with its references, in every subject.
// I2  an id that was given out once is never given to another schema, deletions or not.
// I3  a version number grows by one within its subject; deleting a subject for good begins at 1 again.

/** A named type that a schema takes from another subject. */
export interface Reference {
  readonly name: string
  readonly subject: string
  readonly version: number
}

export interface VersionKey {
  readonly subject: string
  readonly version: number
}

/** One registered version of a subject. */
export interface Version extends VersionKey {
  readonly id: number
  /** The schema's JSON text, written in one way only. */
  readonly schema: string
  readonly references: readonly Reference[]
  /** Soft-deleted: out of every list and check, but still found by its id. */
  readonly hidden: boolean
}

export const levels = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const
export type Level = (typeof levels)[number]

export const modes = ['READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT'] as const
export type Mode = (typeof modes)[number]

/** What can be set for a subject, or for all of them. */
export interface Settings {
  readonly level?: Level
  readonly normalize?: boolean
}

/** One thing that happened. A journal entry is a list of them, and takes effect whole. Subject `null` is the global one. */
export type Change =
  | { readonly did: 'register'; readonly version: Omit<Version, 'hidden'> }
  | { readonly did: 'hide'; readonly key: VersionKey }
  | { readonly did: 'drop'; readonly key: VersionKey }
  | { readonly did: 'set'; readonly subject: string | null; readonly settings: Settings | null }
  | { readonly did: 'mode'; readonly subject: string | null; readonly mode: Mode | null }

export type Seen = 'visible' | 'hidden' | 'all'

const identityOf = (schema: string, references: readonly Reference[]): string =>
  references.length === 0 ? schema : `${schema}\n${JSON.stringify(references.map(r => [r.name, r.subject, r.version]))}`

const globalKey = ''

/** The state of a registry: changes in, answers out. */
export class Book {
  readonly #subjects = new Map<string, Map<number, Version>>()
  readonly #ids = new Map<number, Map<string, Version>>()
  readonly #idOfIdentity = new Map<string, number>()
  readonly #settings = new Map<string, Settings>()
  readonly #modes = new Map<string, Mode>()
  #idMax = 0

  apply(change: Change): void {
    if (change.did === 'register') this.#put({ ...change.version, hidden: false })
    else if (change.did === 'set') setOrForget(this.#settings, change.subject ?? globalKey, change.settings)
    else if (change.did === 'mode') setOrForget(this.#modes, change.subject ?? globalKey, change.mode)
    else if (change.did === 'hide') this.#hide(change.key)
    else this.#drop(change.key)
  }

  #put(version: Version): void {
    const versions = this.#subjects.get(version.subject) ?? new Map<number, Version>()
    this.#subjects.set(version.subject, versions.set(version.version, version))
    const holders = this.#ids.get(version.id) ?? new Map<string, Version>()
    this.#ids.set(version.id, holders.set(JSON.stringify([version.subject, version.version]), version))
    this.#idOfIdentity.set(identityOf(version.schema, version.references), version.id)
    this.#idMax = Math.max(this.#idMax, version.id)
  }

  #hide(key: VersionKey): void {
    const version = this.version(key.subject, key.version)
    if (version !== undefined) this.#put({ ...version, hidden: true })
  }

  #drop(key: VersionKey): void {
    const version = this.version(key.subject, key.version)
    if (version === undefined) return
    const versions = this.#subjects.get(key.subject)!
    versions.delete(key.version)
    if (versions.size === 0) this.#subjects.delete(key.subject)
    const holders = this.#ids.get(version.id)!
    holders.delete(JSON.stringify([key.subject, key.version]))
    if (holders.size > 0) return
    this.#ids.delete(version.id)
    const identity = identityOf(version.schema, version.references)
    if (this.#idOfIdentity.get(identity) === version.id) this.#idOfIdentity.delete(identity)
  }

  get idNext(): number {
    return this.#idMax + 1
  }

  subjects(seen: Seen): readonly string[] {
    return [...this.#subjects.keys()].filter(subject => this.versions(subject, seen).length > 0).sort()
  }

  /** Oldest first. */
  versions(subject: string, seen: Seen): readonly Version[] {
    const versions = [...(this.#subjects.get(subject)?.values() ?? [])].sort((a, b) => a.version - b.version)
    return seen === 'all' ? versions : versions.filter(each => each.hidden === (seen === 'hidden'))
  }

  version(subject: string, version: number): Version | undefined {
    return this.#subjects.get(subject)?.get(version)
  }

  /** Every version that carries this id, hidden ones included; undefined for an id that nobody carries. */
  holders(id: number): readonly Version[] | undefined {
    const holders = this.#ids.get(id)
    return holders && [...holders.values()]
  }

  idOf(schema: string, references: readonly Reference[]): number | undefined {
    return this.#idOfIdentity.get(identityOf(schema, references))
  }

  /** Ids of the schemas that refer to this version. */
  referredBy(key: VersionKey, seen: 'visible' | 'all'): readonly Version[] {
    const every = [...this.#subjects.keys()].flatMap(subject => this.versions(subject, seen))
    return every.filter(each => each.references.some(r => r.subject === key.subject && r.version === key.version))
  }

  settings(subject: string | null): Settings | undefined {
    return this.#settings.get(subject ?? globalKey)
  }

  mode(subject: string | null): Mode | undefined {
    return this.#modes.get(subject ?? globalKey)
  }

  levelInForce(subject: string): Level {
    return this.settings(subject)?.level ?? this.settings(null)?.level ?? 'BACKWARD'
  }

  normalizeInForce(subject: string): boolean {
    return this.settings(subject)?.normalize ?? this.settings(null)?.normalize ?? false
  }

  /** A global READONLY_OVERRIDE wins over what a subject says; otherwise the subject's own mode does. */
  modeInForce(subject: string | null): Mode {
    const global = this.mode(null)
    if (global === 'READONLY_OVERRIDE' || subject === null) return global ?? 'READWRITE'
    return this.mode(subject) ?? global ?? 'READWRITE'
  }
}

const setOrForget = <V>(map: Map<string, V>, key: string, value: V | null): void => {
  if (value === null) map.delete(key)
  else map.set(key, value)
}
