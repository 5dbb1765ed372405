const lineFeed = 10
const limits = { lineBytesMax: 64 * 1024 * 1024 } as const

/**
 * The lines of a stream of bytes, without their ends. Only a line feed ends a line: JSON may hold the other characters
 * that some readers of lines take for an end.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held: Buffer[] = []
  let length = 0
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let from = 0
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, from)) {
      yield Buffer.concat([...held, bytes.subarray(from, end)]).toString()
      held = []
      length = 0
      from = end + 1
    }
    held.push(bytes.subarray(from))
    length += bytes.length - from
    if (length > limits.lineBytesMax) throw new Error(`a line is longer than ${limits.lineBytesMax} bytes`)
  }
  const last = Buffer.concat(held).toString()
  if (last !== '') yield last
}
