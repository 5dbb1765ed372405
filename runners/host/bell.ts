/** Something to wait for that happens again and again: each `wait` lasts until the next `ring`. */
export class Bell {
  #waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined

  wait(): Promise<void> {
    if (this.#waiting === undefined) {
      let resolve = () => {}
      const promise = new Promise<void>(rung => {
        resolve = rung
      })
      this.#waiting = { promise, resolve }
    }
    return this.#waiting.promise
  }

  ring(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve()
  }
}

/** Waits for work that may hang; false: it did not end in time. What it throws is thrown. */
export const within = async (work: Promise<unknown>, deadlineMs: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => {
    timer = setTimeout(() => resolve(false), deadlineMs)
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
