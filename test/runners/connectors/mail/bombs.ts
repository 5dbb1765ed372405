/** Mails that were made to hurt whoever reads them, made by code because of their size. */

const head = (type: string): string =>
  `From: Eve <eve@example.net>\r\nTo: desk@example.com\r\nSubject: Bomb\r\nDate: Tue, 14 Oct 2025 09:30:00 +0200\r\nMessage-ID: <bomb@example.net>\r\nContent-Type: ${type}\r\n`
const multipart = (boundary: string): string => `multipart/mixed; boundary="${boundary}"`
const text = 'Content-Type: text/plain\r\n\r\n'
const MiB = 1024 * 1024

const nested = (levels: number): string => {
  const opening = Array.from(
    { length: levels },
    (_, level) => `--b${level}\r\nContent-Type: ${multipart(`b${level + 1}`)}\r\n\r\n`,
  )
  return `${head(multipart('b0'))}\r\n${opening.join('')}--b${levels}\r\n${text}deep\r\n`
}

const within = (levels: number): string =>
  `${head('message/rfc822')}\r\n${'From: a@example.net\r\nContent-Type: message/rfc822\r\n\r\n'.repeat(levels)}Subject: x\r\n\r\ndeep\r\n`

const nestedBase64 = (levels: number): string => {
  let inner = `Subject: x\r\n\r\ndeep\r\n`
  for (let level = 0; level < levels; level++)
    inner = `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(inner).toString('base64')}\r\n`
  return `From: a@example.net\r\n${inner}`
}

const html = (body: string): string => `${head('text/html; charset=utf-8')}\r\n${body}`

/** What becomes of each: part of the reason for which it is refused, or part of what is read all the same. */
export const bombs: Readonly<
  Record<string, readonly [make: () => string, outcome: { refused: string } | { reads: string }]>
> = {
  '1,000,000 empty parts': [
    () => `${head(multipart('b'))}\r\n${'--b\r\n\r\n'.repeat(1_000_000)}--b--\r\n`,
    { refused: 'over 1,000 parts' },
  ],
  '1,000 parts, which are read': [
    () =>
      `${head(multipart('b'))}\r\n--b\r\n${text}first\r\n${'--b\r\nContent-Type: image/png\r\n\r\nx\r\n'.repeat(998)}--b--\r\n`,
    { reads: 'first' },
  ],
  '10,000 levels of parts': [() => nested(10_000), { refused: 'nested over 30 deep' }],
  '29 levels of parts, which are read': [() => nested(29), { reads: 'deep' }],
  '10,000 mails within mails': [() => within(3_000), { refused: 'mails within mails over 3 deep' }],
  'mails within mails that are encoded again and again': [() => nestedBase64(20), { reads: '' }],
  '1,000,000 empty lines': [() => `${head('text/plain')}\r\n${'\r\n'.repeat(1_000_000)}end\r\n`, { reads: '' }],
  '24 MiB of line ends': [() => `${head('text/plain')}\r\nfirst${'\n'.repeat(24 * MiB)}`, { reads: 'first' }],
  '24 MiB of dashes': [
    () => `${head(multipart('b'))}\r\n--b\r\n${text}${'--\n'.repeat(8 * MiB)}`,
    { refused: 'two dashes' },
  ],
  'a boundary of 64 KiB': [
    () => {
      const boundary = 'b'.repeat(65_536)
      const almost = `--${'b'.repeat(65_535)}c\r\n`
      return `${head(multipart(boundary))}\r\n--${boundary}\r\n${text}found\r\n${almost.repeat(100)}`
    },
    { reads: 'found' },
  ],
  '24 MiB in one header': [
    () => `X-Large: ${'x'.repeat(24 * MiB)}\r\n${head('text/plain')}\r\nx`,
    { refused: 'headers have over' },
  ],
  '100,000 headers': [
    () => `${'X: y\r\n'.repeat(100_000)}${head('text/plain')}\r\nx`,
    { refused: 'headers have over' },
  ],
  '30,000 folds in a header': [
    () => `X-Folded: a\r\n${' b\r\n'.repeat(30_000)}${head('text/plain')}\r\nread\r\n`,
    { reads: 'read' },
  ],
  '10,000 encoded words in the subject': [
    () => `Subject: ${'=?utf-8?B?w6Q=?= '.repeat(10_000)}\r\n${head('text/plain')}\r\nread\r\n`,
    { reads: 'read' },
  ],
  '10,000 recipients': [
    () => `Cc: ${'a@example.org, '.repeat(10_000)}\r\n${head('text/plain')}\r\nread\r\n`,
    { reads: 'read' },
  ],
  '200,000 spaces in a header': [
    () => `X-Wide: a${' '.repeat(200_000)}b\r\n${head(`text/plain;${' '.repeat(20_000)}charset=utf-8`)}\r\nread\r\n`,
    { reads: 'read' },
  ],
  'an image of 20 MiB, which is left where it is': [
    () =>
      `${head(multipart('b'))}\r\n--b\r\n${text}see\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${'A'.repeat(76)}\r\n`.repeat((20 * MiB) / 78)}--b--\r\n`,
    { reads: 'see' },
  ],
  '26 MiB': [() => `${head('text/plain')}\r\n${'x'.repeat(26 * MiB)}`, { refused: '26,214,400 are read' }],
  '5 MiB of text in one line': [() => `${head('text/plain')}\r\nbegin${'x'.repeat(5 * MiB)}`, { reads: 'begin' }],
  '1 MiB of spaces in one line': [() => `${head('text/plain')}\r\nbegin${' '.repeat(MiB - 100)}x`, { reads: 'begin' }],
  '900 KiB that look like replies': [
    () => `${head('text/plain')}\r\n${'On a < b, Ada <a@example.org> wrote:\r\n'.repeat(25_000)}`,
    { reads: '' },
  ],
  '3 MiB of HTML': [() => html('<p>x</p>'.repeat((3 * MiB) / 8)), { refused: 'HTML has over 2,097,152 bytes' }],
  '400,000 open elements of HTML': [() => html(`begin${'<div>'.repeat(400_000)}end`), { reads: 'begin\nend' }],
  '2 MiB of HTML that begins and never ends': [() => html(`begin${'<'.repeat(2 * MiB - 100)}`), { reads: 'begin<<' }],
  '100,000 tables in tables': [() => html(`begin${'<table><tr><td>'.repeat(100_000)}`), { reads: 'begin' }],
  'quotes of HTML that never close': [() => html(`begin${`<a '`.repeat(500_000)}`), { reads: 'begin' }],
  'entities of HTML': [() => html('&amp;'.repeat(400_000)), { reads: '&&&' }],
}
