/** How often one user may file: remembers who filed when, for as long as that matters. */
export class Cooldown {
  readonly #until = new Map<string, number>()
  readonly #ms: number
  readonly #usersMax: number

  constructor(ms: number, usersMax: number) {
    this.#ms = ms
    this.#usersMax = usersMax
  }

  /** How long this user is to wait still. */
  left(user: string, now: number): number {
    return Math.max(0, (this.#until.get(user) ?? 0) - now)
  }

  /** The user files now. */
  start(user: string, now: number): void {
    this.#until.delete(user)
    this.#until.set(user, now + this.#ms)
    // In the order of their ends: what is over, and what is too much, stands in front.
    for (const [other, until] of this.#until) {
      if (until > now && this.#until.size <= this.#usersMax) break
      this.#until.delete(other)
    }
  }

  /** What the user filed was not taken: no need to wait. */
  forget(user: string): void {
    this.#until.delete(user)
  }
}
