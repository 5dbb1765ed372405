/** A datum that cannot be read: what is wrong at which byte. Whoever knows topic, schema and field makes an error of it. */
export class Fault extends Error {
  override readonly name = 'Fault'
  /** Counted from the first byte that was given to the codec. */
  readonly offset: number

  constructor(offset: number, problem: string) {
    super(problem)
    this.offset = offset
  }
}

export const endsEarly = 'the bytes end in the middle of a value'
export const numberTooLong = 'a number takes more bytes than its type allows'
