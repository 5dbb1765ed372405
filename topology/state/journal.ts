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

  rollback(): void {
    for (const undo of this.#undo.reverse()) undo()
    this.#undo = []
  }
}
