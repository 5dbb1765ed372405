const lineFeed = 10
const limits = { lineBytesMax: 64 * 1024 * 1024, startBytesMax: 1024 } as const

/** A line that is too long to be read: how it begins, and the limit that it is over. */
export interface LongLine {
  readonly start: string
  readonly bytesMax: number
}

/**
 * The lines of a stream of bytes, without their ends. Only a line feed ends a line: JSON may hold the other characters
 * that some readers of lines take for an end. Of a line that is too long only the start is kept.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  bytesMax: number = limits.lineBytesMax,
): AsyncGenerator<string | LongLine> {
  let line = new Line(bytesMax)
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let from = 0
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, from)) {
      line.add(bytes.subarray(from, end))
      yield line.read()
      line = new Line(bytesMax)
      from = end + 1
    }
    line.add(bytes.subarray(from))
  }
  if (line.length > 0) yield line.read()
}

/** A line while its bytes come. */
class Line {
  length = 0
  readonly #bytesMax: number
  #held: Buffer[] = []

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }
  add(bytes: Buffer): void {
    const fitted = this.length <= this.#bytesMax
    this.length += bytes.length
    if (this.length <= this.#bytesMax) this.#held.push(bytes)
    else if (fitted) this.#held = [Buffer.from(Buffer.concat([...this.#held, bytes]).subarray(0, limits.startBytesMax))]
  }
  read(): string | LongLine {
    const text = Buffer.concat(this.#held).toString()
    return this.length <= this.#bytesMax ? text : { start: text, bytesMax: this.#bytesMax }
  }
}
