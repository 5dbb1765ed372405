import { ImapFlow } from 'imapflow'
import type { GreenMail } from '../../../parts/greenmail.ts'

export const account = { login: 'desk', password: 'secret-of-the-desk', address: 'desk@example.com' } as const

/** The mailbox as whoever writes mails and looks into it, beside the connector under test. */
export interface Mailbox {
  put(raw: string | Buffer, flags?: readonly string[]): Promise<void>
  /** Of each mail by its subject: whether it is marked as seen. */
  seen(): Promise<Readonly<Record<string, boolean>>>
  /** Puts the folder aside and makes it again: its UIDs begin anew. */
  remake(): Promise<void>
  close(): Promise<void>
}

export const openMailbox = async ({ imapPort }: GreenMail, folder = 'INBOX'): Promise<Mailbox> => {
  const client = new ImapFlow({
    ...{ host: '127.0.0.1', port: imapPort, secure: false, doSTARTTLS: false, logger: false, disableAutoIdle: true },
    auth: { user: account.login, pass: account.password },
  })
  client.on('error', () => {})
  await client.connect()
  if (folder !== 'INBOX') await client.mailboxCreate(folder)
  return {
    async put(raw, flags = []) {
      await client.append(folder, Buffer.from(raw), [...flags])
    },
    async seen() {
      await client.mailboxOpen(folder)
      const found: Record<string, boolean> = {}
      for await (const { envelope, flags } of client.fetch('1:*', { envelope: true, flags: true }))
        found[envelope?.subject ?? ''] = flags?.has('\\Seen') ?? false
      await client.mailboxClose()
      return found
    },
    async remake() {
      await client.mailboxRename(folder, `${folder} before`)
      await client.mailboxCreate(folder)
    },
    async close() {
      await client.logout().catch(() => {})
      client.close()
    },
  }
}

/** A plain mail. */
export const mail = (subject: string, text = `The text of ${subject}.`, id = subject): string =>
  `From: Ada <ada@example.org>\r\nTo: desk@example.com\r\nSubject: ${subject}\r\nDate: Tue, 14 Oct 2025 09:30:00 +0200\r\nMessage-ID: <${id.replaceAll(' ', '-')}@example.org>\r\n\r\n${text}\r\n`
