/** Takes back what one record did, when its error policy lets the others go on. Closed where every error stops the task. */
export class Journal {
  readonly open: boolean
  #undo: (() => void)[] = []

  constructor(open: boolean) {
    this.open = open
  }

  note(undo: () => void): void {
    this.#undo.push(undo)
  }

  /** A record begins: what earlier ones did stays. */
  begin(): void {
    if (this.#undo.length > 0) this.#undo = []
  }

  /** Where `rollback` stops when only what follows from here is to be taken back. */
  get mark(): number {
    return this.#undo.length
  }

  rollback(mark = 0): void {
    while (this.#undo.length > mark) this.#undo.pop()!()
  }
}
