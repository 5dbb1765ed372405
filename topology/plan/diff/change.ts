/** What a change does to what is deployed, from harmless to worst. */
export const severities = ['safe', 'new changelog', 'loses store', 'needs reset'] as const
export type Severity = (typeof severities)[number]

/**
 * One thing that the code has otherwise than the lock file.
 * @example changes.filter((change: Change) => change.severity === 'loses store').map(change => change.name)
 */
export interface Change {
  readonly severity: Severity
  readonly kind: 'topology' | 'source' | 'exchange' | 'store' | 'call' | 'sink' | 'delivery'
  readonly name: string
  /** What of it changed: `added`, `removed`, `renamed`, or one of its properties. */
  readonly what: string
  readonly before: string | null
  readonly after: string | null
  /** What happens to the running system. */
  readonly says: string
  /** What to do about it; null: nothing. */
  readonly toDo: string | null
}

/** What the rules of each kind are given. */
export interface Rules {
  /** Whether values in the one format are read by the other, as far as their schemas allow. */
  readonly evolved: (before: string, after: string) => boolean
}

/** Changes of one kind of thing; what is not said of one is null. */
export const changesOf =
  (kind: Change['kind']) =>
  (
    name: string,
    what: string,
    severity: Severity,
    [before, after]: readonly [before: unknown, after: unknown],
    says: string,
    toDo: string | null = null,
  ): Change => ({ severity, kind, name, what, before: words(before), after: words(after), says, toDo })

const words = (value: unknown): string | null => (value === undefined || value === null ? null : String(value))

/** Names of both sides in order, each with what it was and what it is. */
export const pairs = <T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): [name: string, before: T | undefined, after: T | undefined][] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().map(name => [name, before[name], after[name]])

/** What was removed under one name and added under another, being otherwise alike: `score` is how alike, 0 is not. */
export const renames = <T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  score: (one: T, other: T) => number,
): Map<string, string> => {
  const removed = Object.keys(before).filter(name => !(name in after))
  const added = Object.keys(after).filter(name => !(name in before))
  const likely = removed
    .flatMap(from => added.map(to => ({ from, to, score: score(before[from]!, after[to]!) })))
    .filter(pair => pair.score > 0)
    .sort((one, other) => other.score - one.score)
  const found = new Map<string, string>()
  const taken = new Set<string>()
  for (const { from, to } of likely) {
    if (found.has(from) || taken.has(to)) continue
    found.set(from, to)
    taken.add(to)
  }
  return found
}

/** Both are known, and they differ: what nobody knew cannot be compared. */
export const differ = (before: number | undefined, after: number | undefined): boolean =>
  before !== undefined && after !== undefined && before !== after
