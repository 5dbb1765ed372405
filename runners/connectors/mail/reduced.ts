// A mail made small enough for a parser: what is no text to be read is left out, what no parser gets right is put right.

import { isUtf8 } from 'node:buffer'
import { headerText } from './header.ts'
import { counted, mailLimits, RefusedMail } from './limits.ts'
import type { Part, Scanned } from './scan.ts'

export interface Reduced {
  readonly mail: Buffer
  /** The parts that were left out, in their order. */
  readonly attachments: readonly Part[]
  /** What was odd, for people. */
  readonly remarks: readonly string[]
  /** How many lines were put in front of the header of the mail. */
  readonly headersAdded: number
}

const crlf = Buffer.from('\r\n')

/** The mail without its attachments; throws `RefusedMail` where what is to be read is too much or is not to be read. */
export const reduced = (mail: Buffer, { parts, dividers }: Scanned): Reduced => {
  const remarks = new Set<string>()
  const attachments: Part[] = []
  const left = { plain: mailLimits.textBytesMax as number, html: mailLimits.htmlBytesMax as number }
  let headersAdded = 0
  const pieces: { readonly at: number; readonly bytes: readonly Buffer[] }[] = []
  for (const { start, end } of dividers) pieces.push({ at: start, bytes: [crlf, mail.subarray(start, end)] })
  for (const part of parts) {
    const kind = kindOf(part, parts.length)
    if (kind === 'attachment') attachments.push(part)
    const body = bodyOf(mail, part, kind, left, remarks)
    if (part === parts[0]) headersAdded = overruling(part, body.charset).length
    pieces.push({ at: part.headerStart, bytes: [...headerOf(mail, part, body.charset, remarks), body.bytes] })
  }
  pieces.sort((one, other) => one.at - other.at)
  return { mail: Buffer.concat(pieces.flatMap(({ bytes }) => bytes)), attachments, remarks: [...remarks], headersAdded }
}

type Kind = 'plain' | 'html' | 'attachment' | 'holder' | 'undivided'

const kindOf = (part: Part, partsCount: number): Kind => {
  if (part.divided) return partsCount === 1 ? 'undivided' : 'holder'
  if (part.message) return 'holder'
  if (part.disposition === 'attachment') return 'attachment'
  if (part.type === 'text/plain') return 'plain'
  if (part.type === 'text/html') return 'html'
  // A mail that is all of one part, and that is none we know: its text may still be for people.
  return part.type.startsWith('multipart/') && partsCount === 1 ? 'undivided' : 'attachment'
}

interface Body {
  readonly bytes: Buffer
  /** Where the bytes have been decoded for the parser, which reads them as this. */
  readonly charset?: string
}

const empty = Buffer.alloc(0)

const bodyOf = (
  mail: Buffer,
  part: Part,
  kind: Kind,
  left: { plain: number; html: number },
  remarks: Set<string>,
): Body => {
  if (kind === 'holder' || kind === 'attachment') return { bytes: empty }
  const whole = mail.subarray(part.bodyStart, part.bodyEnd)
  if (kind === 'html' && decodedLength(part, whole) > left.html)
    throw new RefusedMail(`its HTML has over ${counted(mailLimits.htmlBytesMax)} bytes`)
  const budget = kind === 'html' ? 'html' : 'plain'
  const bytes = kind === 'html' ? whole : whole.subarray(0, left.plain)
  if (bytes.length < whole.length) remarks.add('the text is cut: it is longer than what is read')
  left[budget] -= bytes.length
  if (kind === 'undivided') {
    remarks.add('its parts are not marked: it is read as one text')
    return { bytes, charset: isUtf8(bytes) ? 'utf-8' : 'windows-1252' }
  }
  return readable(part, bytes, remarks)
}

const decodedLength = ({ encoding }: Part, { length }: Buffer): number =>
  encoding === 'base64' ? (length / 4) * 3 : length

const isKnown = (charset: string): boolean => {
  try {
    return new TextDecoder(charset).encoding !== 'replacement'
  } catch {
    return false
  }
}

/** Labels that differ from one that is known by decoration alone are the parser's business. */
const aliases = /^(x-|cs)|^(cp|ms|ibm|windows)[-_]?(932|936|949|950|874|51932|5022[012])$|^utf[-_ ]?8\b/

/** Text in a charset that nobody knows is UTF-8 where it can be, else Windows-1252: most of it can be read so. */
const readable = (part: Part, bytes: Buffer, remarks: Set<string>): Body => {
  const { charset = '' } = part
  if (/^(unicode-?1-?1-?)?utf-?7/.test(charset))
    throw new RefusedMail(`its text is in the charset ${charset}, which is not read: what it says can be hidden in it`)
  if (charset === '' || isKnown(charset) || aliases.test(charset)) return { bytes }
  remarks.add(`the charset ${charset.slice(0, 40)} is not known: read as UTF-8 or Windows-1252`)
  const decoded = decodedBytes(part.encoding, bytes)
  return { bytes: decoded, charset: isUtf8(decoded) ? 'utf-8' : 'windows-1252' }
}

const decodedBytes = (encoding: string, bytes: Buffer): Buffer => {
  if (encoding === 'base64') return Buffer.from(bytes.toString('latin1'), 'base64')
  if (encoding !== 'quoted-printable') return bytes
  const text = bytes.toString('latin1').replaceAll(/=[ \t]*\r?\n/g, '')
  const octets = text.replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(octets, 'latin1')
}

/** The header of a part, in UTF-8, with a first line that overrules what it says where that would mislead the parser. */
const headerOf = (mail: Buffer, part: Part, charset: string | undefined, remarks: Set<string>): readonly Buffer[] => {
  const bytes = mail.subarray(part.headerStart, part.bodyStart)
  const { text, odd } = headerText(bytes)
  if (odd) remarks.add('its headers hold bytes that are no UTF-8: read as Windows-1252')
  const own = odd ? Buffer.from(text) : bytes
  return [...overruling(part, charset).map(line => Buffer.from(`${line}\r\n`)), own, endsBlank(bytes) ? empty : crlf]
}

const overruling = (part: Part, charset: string | undefined): readonly string[] => {
  const type = part.type === 'text/html' ? 'text/html' : 'text/plain'
  return [
    ...(charset === undefined ? [] : [`Content-Type: ${type}; charset=${charset}`, 'Content-Transfer-Encoding: 8bit']),
    ...(part.type === 'message/rfc822' && !part.message
      ? ['Content-Disposition: attachment; filename="mail.eml"']
      : []),
  ]
}

const endsBlank = (header: Buffer): boolean =>
  /(^|\n)\r?\n$/.test(header.toString('latin1', Math.max(0, header.length - 4)))
