import type { Headers } from '../ports/log.ts'
import { fromUtf8, utf8 } from '../text.ts'
import { viewOf } from '../time-bytes.ts'

// Headers as bytes: 2 for their count; for each 2 for the length of its name and the name, 4 for the length of its value
// plus one and the value, where nothing but four zeros is null.

const countBytes = 2
const nameSizeBytes = 2
const valueSizeBytes = 4

export const headerBytes = (headers: Headers): Uint8Array => {
  const parts = headers.map(([name, value]) => [utf8(name), value] as const)
  const size = parts.reduce(
    (sum, [name, value]) => sum + nameSizeBytes + name.length + valueSizeBytes + (value?.length ?? 0),
    countBytes,
  )
  const bytes = new Uint8Array(size)
  const view = viewOf(bytes)
  view.setUint16(0, headers.length)
  let at = countBytes
  for (const [name, value] of parts) {
    view.setUint16(at, name.length)
    bytes.set(name, at + nameSizeBytes)
    at += nameSizeBytes + name.length
    view.setUint32(at, value === null ? 0 : value.length + 1)
    if (value !== null) bytes.set(value, at + valueSizeBytes)
    at += valueSizeBytes + (value?.length ?? 0)
  }
  return bytes
}

/** The headers that stand at `start`, and where they end. */
export const headersOf = (bytes: Uint8Array, start: number): { readonly headers: Headers; readonly end: number } => {
  const view = viewOf(bytes)
  const count = view.getUint16(start)
  const headers: [string, Uint8Array | null][] = []
  let at = start + countBytes
  for (let index = 0; index < count; index++) {
    const nameEnd = at + nameSizeBytes + view.getUint16(at)
    const name = fromUtf8(bytes.subarray(at + nameSizeBytes, nameEnd))
    const size = view.getUint32(nameEnd)
    at = nameEnd + valueSizeBytes
    headers.push([name, size === 0 ? null : bytes.slice(at, at + size - 1)])
    at += Math.max(0, size - 1)
  }
  return { headers, end: at }
}
