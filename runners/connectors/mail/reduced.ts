// A mail made small enough for a parser: what is no text to be read is left out, what no parser gets right is put right.

import { isKnown, isWindows1252, octetsOf, textOfUnknown, textOfWindows1252 } from './charset.ts'
import { headerText, joinedWords } from './header.ts'
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
    const added = overruling(part, body)
    if (part === parts[0]) headersAdded = added.length
    // One line: a parser's work grows with the lines of what it reads.
    const line = Buffer.from(body.octets?.toString('base64') ?? '')
    pieces.push({ at: part.headerStart, bytes: [...headerOf(mail, part, added, remarks), line] })
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
  /** Undefined where it is left out. */
  readonly octets?: Buffer
  /** Whether they are UTF-8 by now, whatever the header says. */
  readonly decoded?: boolean
}

const bodyOf = (
  mail: Buffer,
  part: Part,
  kind: Kind,
  left: { plain: number; html: number },
  remarks: Set<string>,
): Body => {
  if (kind === 'holder' || kind === 'attachment') return {}
  const whole = mail.subarray(part.bodyStart, part.bodyEnd)
  if (kind === 'html' && decodedLength(part, whole) > left.html)
    throw new RefusedMail(`its HTML has over ${counted(mailLimits.htmlBytesMax)} bytes`)
  const budget = kind === 'html' ? 'html' : 'plain'
  const bytes = kind === 'html' ? whole : whole.subarray(0, left.plain)
  if (bytes.length < whole.length) remarks.add('the text is cut: it is longer than what is read')
  left[budget] -= bytes.length
  if (kind === 'undivided') {
    remarks.add('its parts are not marked: it is read as one text')
    return { octets: Buffer.from(textOfUnknown(bytes)), decoded: true }
  }
  return readable(part, bytes, remarks)
}

const decodedLength = ({ encoding }: Part, { length }: Buffer): number =>
  encoding === 'base64' ? (length / 4) * 3 : length

/** What no parser gets right is decoded here, and handed on in UTF-8. */
const readable = ({ charset = '', encoding }: Part, bytes: Buffer, remarks: Set<string>): Body => {
  if (/^(unicode-?1-?1-?)?utf-?7/.test(charset))
    throw new RefusedMail(`its text is in the charset ${charset}, which is not read: what it says can be hidden in it`)
  const octets = octetsOf(encoding, bytes)
  if (isWindows1252(charset)) {
    // Much of what calls itself ASCII is UTF-8.
    const text = /ascii/.test(charset) ? textOfUnknown(octets) : textOfWindows1252(octets)
    return { octets: Buffer.from(text), decoded: true }
  }
  if (charset === '' || isKnown(charset)) return { octets }
  remarks.add(`the charset ${charset.slice(0, 40)} is not known: read as UTF-8 or Windows-1252`)
  return { octets: Buffer.from(textOfUnknown(octets)), decoded: true }
}

/** The header of a part, in UTF-8, with first lines that overrule what it says where that would mislead the parser. */
const headerOf = (mail: Buffer, part: Part, added: readonly string[], remarks: Set<string>): readonly Buffer[] => {
  const bytes = mail.subarray(part.headerStart, part.bodyStart)
  const { text, odd } = headerText(bytes)
  if (odd) remarks.add('its headers hold bytes that are no UTF-8: read as Windows-1252')
  return [
    Buffer.from(added.map(line => `${line}\r\n`).join('') + joinedWords(text)),
    ...(endsBlank(bytes) ? [] : [crlf]),
  ]
}

const overruling = (part: Part, { octets, decoded = false }: Body): readonly string[] => {
  const type = part.type === 'text/html' ? 'text/html' : 'text/plain'
  const flowed = part.flowed ? `; format=flowed; delsp=${part.delsp ? 'yes' : 'no'}` : ''
  return [
    ...(decoded ? [`Content-Type: ${type}; charset=utf-8${flowed}`] : []),
    ...(octets === undefined ? [] : ['Content-Transfer-Encoding: base64']),
    ...(part.type === 'message/rfc822' && !part.message
      ? ['Content-Disposition: attachment; filename="mail.eml"']
      : []),
  ]
}

const endsBlank = (header: Buffer): boolean =>
  /(^|\n)\r?\n$/.test(header.toString('latin1', Math.max(0, header.length - 4)))
