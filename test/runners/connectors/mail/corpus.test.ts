import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { kindOf } from '../../../../runners/connectors/mail/kind.ts'
import { type ReadMail, readMail } from '../../../../runners/connectors/mail/read.ts'

interface Expected {
  readonly subject?: string
  readonly subject_contains?: string
  readonly sender?: string
  readonly message?: string
  readonly contains?: readonly string[]
  readonly kind?: string
  readonly refused?: string
  readonly remarks?: readonly string[]
  readonly attachments?: readonly unknown[]
  /** Whether the whole text differs from the message. */
  readonly original?: boolean
}

const folder = new URL('corpus/', import.meta.url)
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<string, Expected>
const names = readdirSync(folder).flatMap(name => (name.endsWith('.eml') ? [name.replace(/\.eml$/, '')] : []))

test('the corpus has at least 40 mails, and says of each what comes of it', () => {
  expect(names.length).toBeGreaterThanOrEqual(40)
  expect(Object.keys(expected).sort()).toEqual([...names].sort())
})

/** What the corpus says, taken from what was read: only of fields that it speaks of. */
const shown = (mail: ReadMail, want: Expected): Expected => ({
  ...('subject' in want && { subject: mail.subject }),
  ...('sender' in want && { sender: mail.sender }),
  ...('message' in want && { message: mail.message }),
  ...('attachments' in want && { attachments: mail.attachments }),
  ...('kind' in want && { kind: kindOf(mail, ['desk@example.com']) }),
  original: mail.text !== mail.message,
  remarks: mail.remarks,
})

describe('a mail of the corpus has the right text, or the reason why it has none', () => {
  test.each(names)('%s', async name => {
    const want = expected[name]!
    const mail = await readMail(readFileSync(new URL(`${name}.eml`, folder)))
    const { contains = [], refused, subject_contains = '', ...fields } = want
    expect(shown(mail, want)).toEqual({ original: false, remarks: [], ...fields })
    if (refused === undefined) expect(mail.refused).toBeUndefined()
    else expect(mail.refused).toContain(refused)
    for (const words of contains) expect(mail.text).toContain(words)
    expect(mail.subject).toContain(subject_contains)
    expect(mail.subject + mail.sender).not.toMatch(/\0/)
  })
})

test('two copies of a mail have one hash however they came, other content has another', async () => {
  const mail = (received: string, words: string) =>
    Buffer.from(
      `Received: ${received}\r\nFrom: a@example.org\r\nSubject: S\r\nMessage-ID: <1@example.org>\r\n\r\n${words}\r\n`,
    )
  const hash = async (received: string, words: string) => (await readMail(mail(received, words))).contentHash
  expect(await hash('by one', 'words')).toBe(await hash('by another', 'words'))
  expect(await hash('by one', 'words')).not.toBe(await hash('by one', 'other words'))
})
