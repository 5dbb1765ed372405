import type { Administration } from './admin.ts'
import type { PlaceAt } from './native.ts'

/** Looked after this often; a partition that is behind twice, and gave nothing in between, is stuck. */
const lookMs = 15_000

/** Notices what no call tells: a consumer that has silently stopped though there are records, a topic that is gone. */
export class Watchdog {
  readonly #admin: Administration
  readonly #lookMs: number
  #lastMs = performance.now()
  #before = new Map<string, number>()
  #looking = false
  readonly #topics: readonly string[]
  readonly #ids = new Map<string, string>()
  /** The partition that is stuck. */
  stuck: PlaceAt | undefined
  /** A topic that is read and was deleted: its partitions are taken away without a word. */
  deleted: string | undefined

  constructor(admin: Administration, topics: readonly string[], intervalMs = lookMs) {
    this.#admin = admin
    this.#topics = topics
    this.#lookMs = intervalMs
  }

  /** Where each partition stands that the consumer is asked for. */
  look(standing: () => readonly PlaceAt[]): void {
    const nowMs = performance.now()
    if (this.#looking || nowMs - this.#lastMs < this.#lookMs) return
    this.#lastMs = nowMs
    this.#looking = true
    this.#compare(standing())
      // Brokers that are away are the business of whoever reads and commits.
      .catch(() => {})
      .finally(() => {
        this.#looking = false
      })
  }

  async #compare(places: readonly PlaceAt[]): Promise<void> {
    const same = places.filter(place => this.#before.get(`${place.topic}/${place.partition}`) === place.offset)
    this.#before = new Map(places.map(place => [`${place.topic}/${place.partition}`, place.offset]))
    for (const topic of this.#topics) {
      const id = (await this.#admin.topic(topic))?.id
      if (id === undefined || (this.#ids.get(topic) ?? id) !== id) this.deleted = topic
      else this.#ids.set(topic, id)
    }
    const ends = await this.#admin.committedEnds(same)
    this.stuck = same.find((place, index) => ends[index]! > place.offset)
  }

  /** Begins anew, with another consumer. */
  reset(): void {
    this.stuck = undefined
    this.#before = new Map()
    this.#lastMs = performance.now()
  }
}
