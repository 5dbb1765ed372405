import type { Fetched, Partition } from '../../topology/ports/log.ts'
import type { Partitions } from './partitions.ts'
import type { KeptTopic, TopicList } from './topic-list.ts'

/** What one partition holds. */
export interface PartitionFigures extends Partition {
  readonly first: number
  readonly next: number
  readonly bytes: number
}

/** The topics of a data folder, to be looked at: by name, and into their partitions. */
export class Topics {
  readonly #list: TopicList
  readonly #partitions: Partitions

  constructor(list: TopicList, partitions: Partitions) {
    this.#list = list
    this.#partitions = partitions
  }

  get(name: string): KeptTopic | undefined {
    return this.#list.get(name)
  }

  all(): KeptTopic[] {
    return this.#list.all()
  }

  /** The first offset kept. */
  first(of: Partition): number {
    return this.#partitions.first(of)
  }

  /** The next offset of a partition. */
  end(of: Partition): number {
    return this.#partitions.end(of).next
  }

  /** Committed records from an offset on. */
  read(at: Partition, offset: number, recordsMax: number): Fetched {
    return this.#partitions.read(at, offset, recordsMax)
  }

  /** What each partition of a topic holds. */
  figures(topic: string): PartitionFigures[] {
    return Array.from({ length: this.get(topic)?.partitions ?? 0 }, (_, partition) => {
      const at = { topic, partition }
      const { next, bytes } = this.#partitions.end(at)
      return { ...at, first: this.first(at), next, bytes }
    })
  }
}
