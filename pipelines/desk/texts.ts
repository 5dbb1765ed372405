// What people wrote, in the form that everything behind can rely on.

/** A longer text is no ticket: it is set aside with this as the reason. */
const bodyLettersMax = 100_000
const lineLettersMax = 1_000

/** Text without what databases and terminals refuse: null bytes, other control characters, halves of pairs. */
const clean = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it takes out.
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
    .replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .trim()

/** A text that must be there; throws in the field's name. */
export const bodyOf = (text: string, field: string): string => {
  if (text.length > bodyLettersMax)
    throw new Error(`${field} has ${text.length} letters, and a ticket takes ${bodyLettersMax} at most`)
  const body = clean(text)
  if (body === '') throw new Error(`${field} is empty`)
  return body
}

/** One line: a name, an address, a subject. It may be empty, and is cut where it is too long to be one. */
export const lineOf = (text: string): string => clean(text.slice(0, lineLettersMax)).replaceAll(/\s+/g, ' ')

/** Who wrote it; throws where nobody did. */
export const contactOf = (text: string, field: string): string => {
  const contact = lineOf(text)
  if (contact === '') throw new Error(`${field} is empty`)
  return contact
}

/** The first and the last time that Postgres and people agree on. */
const timeMsMin = 0
const timeMsMax = Date.UTC(9999, 0)

/** ISO 8601, or milliseconds since 1970: the seeds write both. */
export const timeOf = (time: string | bigint, field: string): number => {
  const digits = typeof time === 'bigint' || /^\d{9,}$/.test(time)
  const ms = digits ? Number(time) : Date.parse(time)
  if (ms >= timeMsMin && ms < timeMsMax) return ms
  const shown = String(time).slice(0, 40)
  throw new Error(`${field} is "${shown}", which is no time in ISO 8601 and no milliseconds since 1970`)
}
