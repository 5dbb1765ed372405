/** Something to wait for that happens again and again: each wait lasts until the next `ring`. */
export class Bell {
  readonly #waiting = new Set<() => void>()

  wait(): Promise<void> {
    return new Promise(resolve => this.#waiting.add(resolve))
  }

  /** Does work that goes on when the bell rings, and leaves nothing here when it ended before. */
  async during<T>(work: (rung: Promise<void>) => Promise<T>): Promise<T> {
    let ring = () => {}
    const rung = new Promise<void>(resolve => {
      ring = resolve
    })
    this.#waiting.add(ring)
    try {
      return await work(rung)
    } finally {
      this.#waiting.delete(ring)
    }
  }

  ring(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const ring of waiting) ring()
  }
}

/** Waits for work that may hang; false: it did not end in time, or before `cut` rang. What it throws is thrown. */
export const within = async (work: Promise<unknown>, deadlineMs: number, cut?: Bell): Promise<boolean> => {
  let late = () => {}
  const over = new Promise<false>(resolve => {
    late = () => resolve(false)
  })
  const timer = setTimeout(late, deadlineMs)
  try {
    const ends = (cutOff?: Promise<void>) =>
      Promise.race([work.then(() => true), over, ...(cutOff ? [cutOff.then(() => false)] : [])])
    return await (cut === undefined ? ends() : cut.during(ends))
  } finally {
    clearTimeout(timer)
    late()
  }
}
