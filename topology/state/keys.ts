import { TopologyError } from '../errors.ts'
import { textCodec } from '../formats.ts'
import type { Codec } from '../ports/codec.ts'
import { ascii, binaryOf, binaryOfText, bytesOf } from '../text.ts'

// Physical keys are binary strings: a tag, then what the layout needs. No key is empty, and an operator's own notes
// (its stream time) never meet its data.

/** What an operator keeps about itself: its stream time. */
export const noteTag = '\0'
export const dataTag = '\x01'
/** A second order over the same data, as by time. */
export const indexTag = '\x02'

const timeBytes = 6
const sizeBytes = 2

const number = (value: number, bytes: number): string => {
  let text = ''
  let rest = value
  for (let at = 0; at < bytes; at++) {
    text = String.fromCharCode(rest % 256) + text
    rest = Math.floor(rest / 256)
  }
  return text
}

/** Six bytes, big endian: keys in the order of time until the year 10889. */
export const timeKey = (timeMs: number): string => number(timeMs, timeBytes)

export const timeOf = (key: string, at: number): number => {
  let time = 0
  for (let index = at; index < at + timeBytes; index++) time = time * 256 + key.charCodeAt(index)
  return time
}

/** Four bytes, big endian: for what comes several times under one key and time. */
export const sequenceKey = (sequence: number): string => number(sequence, 4)

/** With its length in front, so that no key's range reaches into another's. */
export const sized = (key: string): string => number(key.length, sizeBytes) + key

/** Reads a sized part that starts at `at`. */
export const sizedOf = (key: string, at: number): string => {
  const length = key.charCodeAt(at) * 256 + key.charCodeAt(at + 1)
  return key.slice(at + sizeBytes, at + sizeBytes + length)
}

/** The first key after every key that starts with this prefix; undefined: there is none. */
export const after = (prefix: string): string | undefined => {
  let end = prefix.length
  while (end > 0 && prefix.charCodeAt(end - 1) === 0xff) end--
  return end === 0 ? undefined : prefix.slice(0, end - 1) + String.fromCharCode(prefix.charCodeAt(end - 1) + 1)
}

/** LMDB holds keys of 1,978 bytes; the rest is room for what a layout puts beside the record's own key. */
export const keyBytesMax = 1024

/** A record's key and its binary string. */
export interface KeyCoder<K> {
  of(key: K): string
  back(binary: string): K
}

export const keyCoder = <K>(codec: Codec<K, K>): KeyCoder<K> => {
  const isText = (codec as unknown) === textCodec
  return {
    of(key) {
      const binary = isText ? binaryOfText(key as string) : binaryOf(codec.encode(key))
      if (binary.length <= keyBytesMax) return binary
      throw new TopologyError('KEY_LONG', 'a store', `the key has ${binary.length} bytes, stores take ${keyBytesMax}`)
    },
    back: binary => (isText && ascii(binary) ? binary : (codec.decode(bytesOf(binary)) as unknown)) as K,
  }
}
