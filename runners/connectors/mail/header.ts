import { isUtf8 } from 'node:buffer'
import { isWindows1252, octetsOfQuoted, textOfWindows1252 } from './charset.ts'

/** What decides how the body of a part is read. */
export interface PartHeader {
  /** Such as text/plain, in lower case. */
  readonly type: string
  readonly charset: string | undefined
  readonly boundary: string | undefined
  /** Lines of text that go on in the next one (RFC 3676), and whether the space between is left out. */
  readonly flowed: boolean
  readonly delsp: boolean
  /** Such as attachment; empty where the part does not say. */
  readonly disposition: string
  /** Such as base64; empty where the part does not say. */
  readonly encoding: string
}

/** The value of a header with its comments blanked out. */
const plain = (value: string): string => value.replaceAll(/\([^()"]{0,500}\)/g, ' ')

const parameter = (value: string, name: string): string | undefined => {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, 'i').exec(value)
  return found?.[1]?.replaceAll(/\\(.)/g, '$1') ?? found?.[2]
}

/** Reads the few lines that matter; the first of a name counts, as for the parser. */
export const partHeader = (text: string, typeDefault: string): PartHeader => {
  const lines = text.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const lineOf = (name: string): string =>
    lines
      .find(line => line.length > name.length && line.slice(0, name.length + 1).toLowerCase() === `${name}:`)
      ?.slice(name.length + 1) ?? ''
  const type = plain(lineOf('content-type')).trim()
  return {
    type: (/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+/.exec(type)?.[0] ?? typeDefault).toLowerCase(),
    charset: parameter(type, 'charset')?.toLowerCase(),
    boundary: parameter(type, 'boundary'),
    flowed: parameter(type, 'format')?.toLowerCase() === 'flowed',
    delsp: parameter(type, 'delsp')?.toLowerCase() === 'yes',
    disposition: (/[\w-]+/.exec(plain(lineOf('content-disposition')))?.[0] ?? '').toLowerCase(),
    encoding: (/[\w-]+/.exec(plain(lineOf('content-transfer-encoding')))?.[0] ?? '').toLowerCase(),
  }
}

/** Header lines hold ASCII, or UTF-8; what is neither was written by a program that knew no better than its own machine. */
export const headerText = (bytes: Buffer): { readonly text: string; readonly odd: boolean } => {
  const odd = !isUtf8(bytes)
  return { text: odd ? textOfWindows1252(bytes) : bytes.toString('utf8'), odd }
}

const word = '=\\?[^?\\s]{1,60}\\?[bq]\\?[^?\\s]{0,4000}\\?='
const runs = new RegExp(`${word}(?:\\r?\\n?[ \\t]+${word})*`, 'gi')
const words = new RegExp(word, 'gi')

/**
 * Encoded words that follow each other as one: some programs cut between the bytes of a character, and then no word can be
 * read for itself.
 */
export const joinedWords = (header: string): string =>
  header.replaceAll(runs, run => {
    const parts = [...run.matchAll(words)].map(([found]) => found.slice(2, -2).split('?') as [string, string, string])
    const [charset] = parts[0]!
    if (parts.some(([other]) => other.toLowerCase() !== charset.toLowerCase())) return run
    const bytes = Buffer.concat(parts.map(([, encoding, text]) => octetsOfWord(encoding, text)))
    if (!isWindows1252(charset)) return `=?${charset}?B?${bytes.toString('base64')}?=`
    return `=?utf-8?B?${Buffer.from(textOfWindows1252(bytes)).toString('base64')}?=`
  })

const octetsOfWord = (encoding: string, text: string): Buffer =>
  encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : octetsOfQuoted(text.replaceAll('_', ' '))
