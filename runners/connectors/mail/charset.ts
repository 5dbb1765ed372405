import { isUtf8 } from 'node:buffer'

/** Labels of what browsers, and so mail, mean by Latin-1: Windows-1252, which Node decodes as ISO 8859-1. */
const windows1252 = /^(windows-1252|cp-?1252|x-cp1252|iso[-_]?8859-?1|latin-?1|l1|us-ascii|ascii|cp819|ibm819)$/i

/** What Windows-1252 has in the places from 0x80 to 0x9f. */
const between = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

export const isWindows1252 = (charset: string): boolean => windows1252.test(charset)

export const textOfWindows1252 = (bytes: Buffer): string =>
  bytes.toString('latin1').replaceAll(/[\u0080-\u009f]/g, found => between[found.charCodeAt(0) - 0x80]!)

/** UTF-8 where it can be, else Windows-1252: most of what says nothing useful about itself can be read so. */
export const textOfUnknown = (bytes: Buffer): string =>
  isUtf8(bytes) ? bytes.toString('utf8') : textOfWindows1252(bytes)

const decodes = (charset: string): boolean => {
  try {
    return new TextDecoder(charset).encoding !== 'replacement'
  } catch {
    return false
  }
}

/** Labels of other programs for charsets that have a name of their own; the parser knows them by these. */
const alias = /^((cp|ms|ibm|windows)[-_]?(932|936|949|950|874|51932|5022[012])|junet|uhc|iso-?2022-?jp-?[12]|utf8)$/

/** Whether the parser reads text with this label as it was meant. */
export const isKnown = (charset: string): boolean => {
  const bare = charset.replace(/^(x-ms-|x-|cs)/, '')
  return [charset, bare, bare.replaceAll(/[\s._]/g, '-')].some(each => decodes(each) || alias.test(each))
}

/** The octets of a text in base64 or quoted-printable, or as it stands. */
export const octetsOf = (encoding: string, bytes: Buffer): Buffer => {
  if (encoding === 'base64') return Buffer.from(bytes.toString('latin1'), 'base64')
  return encoding === 'quoted-printable'
    ? octetsOfQuoted(bytes.toString('latin1').replaceAll(/=[ \t]*\r?\n/g, ''))
    : bytes
}

/** The octets of `=XX` and of what stands between them. */
export const octetsOfQuoted = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
