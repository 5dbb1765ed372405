import { isUtf8 } from 'node:buffer'

/** What decides how the body of a part is read. */
export interface PartHeader {
  /** Such as text/plain, in lower case. */
  readonly type: string
  readonly charset: string | undefined
  readonly boundary: string | undefined
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
    disposition: (/[\w-]+/.exec(plain(lineOf('content-disposition')))?.[0] ?? '').toLowerCase(),
    encoding: (/[\w-]+/.exec(plain(lineOf('content-transfer-encoding')))?.[0] ?? '').toLowerCase(),
  }
}

const windows = new TextDecoder('windows-1252')

/** Header lines hold ASCII, or UTF-8; what is neither was written by a program that knew no better than its own machine. */
export const headerText = (bytes: Buffer): { readonly text: string; readonly odd: boolean } => {
  const odd = !isUtf8(bytes)
  return { text: odd ? windows.decode(bytes) : bytes.toString('utf8'), odd }
}
