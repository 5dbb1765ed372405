import type { Appends, Position, TopicInfo, TopicSettings } from './log.ts'

/** A topic as the log lists it. */
export interface ListedTopic extends TopicInfo, TopicSettings {}

/** What is taken back of a topology that is not running. */
export interface Reset {
  /** Its groups: they begin again at the first record of each topic. */
  readonly groups: readonly string[]
  /** Topics between its parts: what waits there is deleted. */
  readonly exchanges: readonly string[]
  /** Names of changelogs: the stores whose changes go there are emptied, and so are they. */
  readonly changelogs: readonly string[]
}

/** What people do with a log beside running topologies on it. */
export interface Operations {
  /** Every topic, by name. */
  topics(): Promise<readonly ListedTopic[]>
  /** Where groups stand: those that have ever committed, with the next offset of each partition. */
  groups(): Promise<readonly { readonly group: string; readonly positions: readonly Position[] }[]>
  /** Appends what comes from outside any topology: all of it or nothing, durable when it resolves. */
  append(appends: readonly Appends[]): Promise<void>
  /** Rejects, and changes nothing, while a member of one of the groups is at work. */
  reset(reset: Reset): Promise<void>
}
