import type { Observer } from '../../../topology/ports/observer.ts'

/** Upper bounds of the histograms, in seconds: a commit takes some milliseconds, a call up to minutes. */
const secondsUpTo = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

/** How often something took how long. */
export class Durations {
  readonly bounds: readonly number[] = secondsUpTo
  readonly counts: number[] = secondsUpTo.map(() => 0)
  count = 0
  sum = 0

  add(tookMs: number): void {
    const seconds = tookMs / 1_000
    this.count++
    this.sum += seconds
    const at = secondsUpTo.findIndex(bound => seconds <= bound)
    if (at >= 0) this.counts[at]!++
  }
}

/** A number for each combination of words, such as an operator and a reason. */
export class Tally {
  readonly #counts = new Map<string, number>()

  add(by: number, ...words: readonly string[]): void {
    const name = words.join('\0')
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by)
  }

  get entries(): readonly (readonly [words: readonly string[], count: number])[] {
    return [...this.#counts].map(([name, count]) => [name.split('\0'), count] as const)
  }
}

/** What a topology has done since it started: plain numbers, for some are counted with every record. */
export class Figures {
  taken = 0
  appended = 0
  changes = 0
  rewinds = 0
  lastCommitMs: number | undefined
  readonly commits = new Durations()
  /** By call and outcome. */
  readonly calls = new Tally()
  readonly callTimes = new Map<string, Durations>()
  /** By operator and reason: late records are among them. */
  readonly dropped = new Tally()
  /** By operator and policy: dead letters are among them. */
  readonly failed = new Tally()
  /** By group and what happened: that partitions were assigned, revoked or lost. */
  readonly rebalances = new Tally()
  /** Stores that are being opened, and how long it took those that are open: restoring is most of it. */
  opening = 0
  readonly opened = new Durations()
  readonly sources = new Tally()
  readonly sinks = new Tally()
}

/** Counts what there is to see, and hands it on to another observer. */
export const counting = (figures: Figures, next: Observer): Observer => ({
  ...next,
  taken(task, from, offset) {
    figures.taken++
    next.taken?.(task, from, offset)
  },
  dropped(operator, reason) {
    figures.dropped.add(1, operator, reason)
    next.dropped?.(operator, reason)
  },
  failed(operator, policy, error) {
    figures.failed.add(1, operator, policy)
    next.failed?.(operator, policy, error)
  },
  rewound() {
    figures.rewinds++
    next.rewound?.()
  },
  called(call, outcome, tookMs) {
    figures.calls.add(1, call, outcome)
    const times = figures.callTimes.get(call) ?? new Durations()
    figures.callTimes.set(call, times)
    times.add(tookMs)
    next.called?.(call, outcome, tookMs)
  },
  brought(source, records) {
    figures.sources.add(records, source)
    next.brought?.(source, records)
  },
  delivered(sink, records) {
    figures.sinks.add(records, sink)
    next.delivered?.(sink, records)
  },
  committed(commit) {
    figures.appended += commit.appends
    figures.changes += commit.changes
    figures.lastCommitMs = Date.now()
    figures.commits.add(commit.tookMs)
    next.committed?.(commit)
  },
  note: (level, message, fields) => next.note?.(level, message, fields),
})
