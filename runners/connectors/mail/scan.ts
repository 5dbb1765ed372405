// Walks the structure of a mail once, before any parser sees it, in time that grows with its bytes alone: where its parts
// begin and end, and whether it stays within the limits.

import { headerText, type PartHeader, partHeader } from './header.ts'
import { counted, mailLimits, RefusedMail } from './limits.ts'

/** A part of a mail by its places in the bytes. */
export interface Part extends PartHeader {
  readonly headerStart: number
  readonly bodyStart: number
  bodyEnd: number
  /** A mail within the mail, whose header is the next part. */
  readonly message: boolean
  /** A multipart: its body ends where its first part begins. */
  readonly divided: boolean
}

/** A line that divides parts. */
export interface Divider {
  readonly start: number
  readonly end: number
}

export interface Scanned {
  readonly parts: readonly Part[]
  readonly dividers: readonly Divider[]
}

interface Open {
  /** With its two dashes. */
  readonly delimiter: Buffer
  readonly digest: boolean
  /** How many mails it stands within. */
  readonly messages: number
}

const newline = 0x0a
const dashes = Buffer.from('\n--')

/** The parts of a mail in their order; throws `RefusedMail` where a limit is passed. */
export const scan = (mail: Buffer): Scanned => new Scan(mail).scanned()

class Scan {
  readonly #mail: Buffer
  readonly #parts: Part[] = []
  /** Multiparts that are not at their end. */
  #open: Open[] = []
  readonly #dividers: Divider[] = []
  #headerBytes = 0

  constructor(mail: Buffer) {
    this.#mail = mail
  }

  scanned(): Scanned {
    let at = this.#header(0, 'text/plain', 0)
    let seen = 0
    while (at < this.#mail.length) {
      const start = this.#dashesFrom(at)
      if (start < 0) break
      if (++seen > mailLimits.dashesMax)
        throw new RefusedMail(`over ${counted(mailLimits.dashesMax)} lines begin with two dashes`)
      const found = this.#delimiter(start)
      at = found === undefined ? start + 2 : this.#divide(start, found)
    }
    this.#endParts(this.#mail.length)
    return { parts: this.#parts, dividers: this.#dividers }
  }

  #divide(start: number, { depth, last }: { readonly depth: number; readonly last: boolean }): number {
    this.#endParts(start)
    const end = this.#lineAfter(start)
    this.#dividers.push({ start, end })
    this.#open = this.#open.slice(0, depth + (last ? 0 : 1))
    if (last) return end
    const { digest, messages } = this.#open.at(-1)!
    return this.#header(end, digest ? 'message/rfc822' : 'text/plain', messages)
  }

  /** The next place where a line begins with two dashes. */
  #dashesFrom(at: number): number {
    if (this.#open.length === 0) return -1
    if ((at === 0 || this.#mail[at - 1] === newline) && this.#mail[at] === 0x2d && this.#mail[at + 1] === 0x2d)
      return at
    const found = this.#mail.indexOf(dashes, Math.max(0, at - 1))
    return found < 0 ? -1 : found + 1
  }

  #lineAfter(at: number): number {
    const end = this.#mail.indexOf(newline, at)
    return end < 0 ? this.#mail.length : end + 1
  }

  /** Which multipart this line divides, and whether it is its last one. */
  #delimiter(start: number): { readonly depth: number; readonly last: boolean } | undefined {
    for (let depth = this.#open.length - 1; depth >= 0; depth--) {
      const { delimiter } = this.#open[depth]!
      if (this.#mail[start + 2] !== delimiter[2]) continue
      const after = start + delimiter.length
      if (after > this.#mail.length || this.#mail.compare(delimiter, 0, delimiter.length, start, after) !== 0) continue
      const rest = this.#mail.toString('latin1', after, Math.min(this.#lineAfter(start), after + 200))
      if (/^[ \t]*\r?\n?$/.test(rest)) return { depth, last: false }
      if (/^--[ \t]*\r?\n?$/.test(rest)) return { depth, last: true }
    }
    return undefined
  }

  #endParts(at: number): void {
    // The line end before a divider belongs to the divider.
    const lineEnd = at < this.#mail.length && this.#mail[at - 1] === newline ? (this.#mail[at - 2] === 0x0d ? 2 : 1) : 0
    const end = at - lineEnd
    for (let index = this.#parts.length - 1; index >= 0 && this.#parts[index]!.bodyEnd < 0; index--)
      this.#parts[index]!.bodyEnd = Math.max(this.#parts[index]!.bodyStart, end)
  }

  /** Takes the header that begins here, and that of a mail within; returns where what follows begins. */
  #header(headerStart: number, typeDefault: string, messages: number): number {
    let at = headerStart
    while (at < this.#mail.length) {
      // A header that never ends: the next part begins without it.
      if (this.#mail[at] === 0x2d && this.#mail[at + 1] === 0x2d && this.#delimiter(at) !== undefined) break
      const next = this.#lineAfter(at)
      this.#headerBytes += next - at
      if (this.#headerBytes > mailLimits.headerBytesMax)
        throw new RefusedMail(`its headers have over ${counted(mailLimits.headerBytesMax)} bytes`)
      const blank = this.#mail[at] === newline || (this.#mail[at] === 0x0d && this.#mail[at + 1] === newline)
      at = next
      if (blank) break
    }
    return this.#part(headerStart, at, typeDefault, messages)
  }

  #part(headerStart: number, bodyStart: number, typeDefault: string, messages: number): number {
    const { text } = headerText(this.#mail.subarray(headerStart, bodyStart))
    const header = partHeader(text, typeDefault)
    const message = header.type === 'message/rfc822' && isInlineMessage(header)
    const divided = header.type.startsWith('multipart/') && header.boundary !== undefined && header.boundary !== ''
    this.#parts.push({ ...header, headerStart, bodyStart, bodyEnd: -1, message, divided })
    if (this.#parts.length > mailLimits.partsMax + 1)
      throw new RefusedMail(`it has over ${counted(mailLimits.partsMax)} parts`)
    if (divided) {
      const digest = header.type === 'multipart/digest'
      this.#open.push({ delimiter: Buffer.from(`--${header.boundary}`), digest, messages })
      if (this.#open.length > mailLimits.depthMax)
        throw new RefusedMail(`its parts are nested over ${mailLimits.depthMax} deep`)
    }
    if (!message) return bodyStart
    if (messages >= mailLimits.messagesMax)
      throw new RefusedMail(`it holds mails within mails over ${mailLimits.messagesMax} deep`)
    // The header of a mail within the mail stands where the body of its part begins.
    this.#parts.at(-1)!.bodyEnd = bodyStart
    return this.#header(bodyStart, 'text/plain', messages + 1)
  }
}

/** Whether a mail within the mail is read: an encoded one is kept as an attachment, for encoding it is forbidden. */
const isInlineMessage = ({ disposition, encoding }: PartHeader): boolean =>
  disposition !== 'attachment' && ['', '7bit', '8bit', 'binary'].includes(encoding)
