import { createHash } from 'node:crypto'
import PostalMime, { type Address, addressParser, decodeWords, type Email } from 'postal-mime'
import { textOfHtml } from './html.ts'
import type { HeaderLine } from './kind.ts'
import { counted, mailLimits, RefusedMail } from './limits.ts'
import { signatureLine, withoutQuotes } from './quotes.ts'
import { type Reduced, reduced } from './reduced.ts'
import { scan } from './scan.ts'

/** A mail as people read it. */
export interface ReadMail {
  readonly sender: string
  /** The sender's address alone, in lower case. */
  readonly address: string
  readonly subject: string
  /** In ISO 8601; undefined where there is none that can be read. */
  readonly date: string | undefined
  readonly messageId: string | undefined
  readonly inReplyTo: string | undefined
  readonly to: readonly string[]
  readonly headers: readonly HeaderLine[]
  /** Why the rest is not read. */
  readonly refused: string | undefined
  readonly text: string
  /** What the sender wrote, without quotations and signature. */
  readonly message: string
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly bytes: number }[]
  readonly remarks: readonly string[]
  /** SHA-256 in hex of what does not change on the way. */
  readonly contentHash: string
}

/** Reads a mail within the limits; what is beyond them is refused by its reason, with the header alone. Never throws for what a mail holds. */
export const readMail = async (raw: Buffer, sizeBytes = raw.length): Promise<ReadMail> => {
  try {
    if (sizeBytes > mailLimits.bytesMax)
      throw new RefusedMail(`it has ${counted(sizeBytes)} bytes; ${counted(mailLimits.bytesMax)} are read`)
    const small = reduced(raw, scan(raw))
    return made(raw, await parsed(small.mail), small, undefined)
  } catch (error) {
    const reason = error instanceof RefusedMail ? error.message : `it cannot be parsed: ${(error as Error).message}`
    return made(raw, await headersAlone(raw), undefined, reason)
  }
}

const parsed = (mail: Buffer): Promise<Email> =>
  PostalMime.parse(mail, {
    maxNestingDepth: mailLimits.depthMax + 1,
    // What was put in front of headers comes on top of what the mail has.
    maxHeadersSize: mailLimits.headerBytesMax * 2,
    maxRfc822NestingDepth: mailLimits.messagesMax,
  })

const refusedHeaderBytesMax = 32 * 1024

const headersAlone = async (raw: Buffer): Promise<Email> => {
  const end = /\r?\n\r?\n/.exec(raw.toString('latin1', 0, refusedHeaderBytesMax))?.index ?? refusedHeaderBytesMax
  const header = Buffer.from(
    raw.toString('latin1', 0, end).replaceAll(/^content-[^\n]*(\r?\n[ \t][^\n]*)*\r?\n?/gim, ''),
    'latin1',
  )
  return PostalMime.parse(Buffer.concat([header, Buffer.from('\r\n\r\n')])).catch(() => PostalMime.parse(''))
}

const made = (raw: Buffer, email: Email, small: Reduced | undefined, refused: string | undefined): ReadMail => {
  const headers = email.headers
    .slice(small?.headersAdded ?? 0)
    .map(({ key, value }) => ({ name: clean(key), value: clean(decodeWords(value)) }))
  const lineOf = (name: string): string => headers.find(line => line.name === name)?.value ?? ''
  const remarks = new Set(small?.remarks)
  const text = small === undefined ? '' : textOf(email, remarks)
  const address = email.from?.address?.toLowerCase() ?? ''
  const date = Number.isNaN(Date.parse(email.date ?? '')) ? undefined : new Date(email.date!).toISOString()
  if (date === undefined) remarks.add('it has no date that can be read: the time of its arrival is taken')
  const subject = clean(email.subject ?? '')
  return {
    ...{
      sender: email.from === undefined ? lineOf('from') : shown(email.from),
      address,
      subject,
      date,
      text,
      refused,
    },
    message: withoutQuotes(text),
    messageId: clean(email.messageId ?? '').trim() || undefined,
    inReplyTo: clean(email.inReplyTo ?? '').trim() || undefined,
    to: [...(email.to ?? []), ...(email.cc ?? [])].flatMap(each => each.group ?? [each]).map(shown),
    headers,
    attachments: attachmentsOf(email, small),
    remarks: [...remarks],
    contentHash: hashOf(raw, [address, subject, email.date ?? '']),
  }
}

const shown = ({ name, address }: Address): string => clean(name ? `${name} <${address ?? ''}>` : (address ?? ''))

/** Without characters that no text has and that databases refuse. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const clean = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')

const textOf = ({ text = '', html = '' }: Email, remarks: Set<string>): string => {
  const found = text.trim() || textOfHtml(html, mailLimits.textLengthMax)
  const whole = clean(found.slice(0, mailLimits.textLengthMax * 2))
  const lines = whole
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
    .map(line => (line === signatureLine ? line : line.trimEnd()))
    .join('\n')
    .replaceAll(/\n{4,}/g, '\n\n\n')
    .trim()
  if (lines.includes('\ufffd')) remarks.add('some of its characters cannot be read in the charset that it names')
  if (found.length <= mailLimits.textLengthMax * 2 && lines.length < mailLimits.textLengthMax) return lines
  remarks.add('the text is cut: it is longer than what is read')
  return lines.slice(0, mailLimits.textLengthMax).replace(/[\uD800-\uDBFF]$/, '')
}

/** Names come from the parser, sizes from the mail itself: they are told together where both saw the same parts. */
const attachmentsOf = ({ attachments }: Email, small: Reduced | undefined): ReadMail['attachments'] =>
  (small?.attachments ?? []).map(({ type, bodyStart, bodyEnd }, index, all) => ({
    name: clean((attachments.length === all.length ? attachments[index]!.filename : null) ?? ''),
    type,
    bytes: bodyEnd - bodyStart,
  }))

/** Over what a second copy of the mail has too, however it came. */
const hashOf = (raw: Buffer, header: readonly string[]): string => {
  const blank = raw.indexOf('\n\r\n')
  const plain = raw.indexOf('\n\n')
  const body = blank < 0 || (plain >= 0 && plain < blank) ? plain : blank
  return createHash('sha256')
    .update(JSON.stringify(header))
    .update(body < 0 ? '' : raw.subarray(body))
    .digest('hex')
}

/** The addresses in a line of them. */
export const addressesIn = (line: string): readonly string[] =>
  addressParser(line, { flatten: true }).flatMap(({ address }) => (address ? [address.toLowerCase()] : []))
