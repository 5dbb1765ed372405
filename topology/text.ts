import { room, shortened } from './room.ts'

// The two classes of every JavaScript runtime that the library needs; declared here because `lib` holds the language alone.
declare class TextEncoder {
  encode(text: string): Uint8Array
  encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number }
}
declare class TextDecoder {
  constructor(label: string, options: { readonly fatal: boolean; readonly ignoreBOM: boolean })
  decode(bytes: Uint8Array): string
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const asciiPattern = /^[\0-\x7f]*$/

export const ascii = (text: string): boolean => asciiPattern.test(text)

/** Texts no longer than this are turned into characters one by one, which beats the call into the runtime. */
const shortBytesMax = 48
/** A letter takes three bytes at most, and texts above this get as much as they need by themselves. */
const roomyTextMax = 340

/** A pair of surrogates is two letters and takes four bytes. */
const inRoom = (text: string): Uint8Array => {
  const bytes = room(3 * text.length)
  return shortened(bytes, encoder.encodeInto(text, bytes).written)
}

/** What types let through and is no text would become bytes of anybody. */
const refuseText = (value: unknown): never => {
  throw new TypeError(value == null ? `${value} is no text` : `a text must stand here, and this is a ${typeof value}`)
}

export const utf8 = (text: string): Uint8Array => {
  if (typeof text !== 'string') return refuseText(text)
  const length = text.length
  if (length > shortBytesMax) return length > roomyTextMax ? encoder.encode(text) : inRoom(text)
  const bytes = room(length)
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0x7f) return encoder.encode(text)
    bytes[at] = code
  }
  return bytes
}

/** Throws a TypeError where the bytes are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string => {
  const length = bytes.length
  if (length > shortBytesMax) return decoder.decode(bytes)
  for (let at = 0; at < length; at++) if (bytes[at]! > 0x7f) return decoder.decode(bytes)
  return String.fromCharCode.apply(null, bytes as unknown as number[])
}

// A binary string has one character a byte (0..255). JavaScript compares such strings in the order of their bytes and
// finds them in a Map at once, which it can do with no other form of bytes: state keys are binary strings.

export const binaryOf = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + 4096) as unknown as number[])
  }
  return text
}

export const bytesOf = (binary: string): Uint8Array => bytesBehind('', binary)

/** The bytes of one binary string behind those of another. */
export const bytesBehind = (prefix: string, binary: string): Uint8Array => {
  const from = prefix.length
  const length = binary.length
  const bytes = room(from + length)
  for (let at = 0; at < from; at++) bytes[at] = prefix.charCodeAt(at)
  for (let at = 0; at < length; at++) bytes[from + at] = binary.charCodeAt(at)
  return bytes
}

/** The binary string of a text's UTF-8 bytes: the text itself where it is ASCII, as most keys are. */
export const binaryOfText = (text: string): string => {
  if (typeof text !== 'string') return refuseText(text)
  return ascii(text) ? text : binaryOf(encoder.encode(text))
}
