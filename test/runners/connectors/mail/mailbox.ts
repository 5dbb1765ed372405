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

const connect = async ({ imapPort }: GreenMail): Promise<ImapFlow> => {
  const client = new ImapFlow({
    ...{ host: '127.0.0.1', port: imapPort, secure: false, doSTARTTLS: false, logger: false, disableAutoIdle: true },
    auth: { user: account.login, pass: account.password },
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

export const openMailbox = async (server: GreenMail, folder = 'INBOX'): Promise<Mailbox> => {
  let client = await connect(server)
  if (folder !== 'INBOX') await client.mailboxCreate(folder)
  /** A server may end a connection that was silent for long. */
  const usable = async (): Promise<ImapFlow> => {
    if (!client.usable) client = await connect(server)
    return client
  }
  return {
    async put(raw, flags = []) {
      const append = async () => (await usable()).append(folder, Buffer.from(raw), [...flags])
      // It notices only now that the server has ended the connection.
      await append().catch(error => (client.usable ? Promise.reject(error) : append()))
    },
    async seen() {
      const reader = await usable()
      await reader.mailboxOpen(folder)
      const found: Record<string, boolean> = {}
      for await (const { envelope, flags } of reader.fetch('1:*', { envelope: true, flags: true }))
        found[envelope?.subject ?? ''] = flags?.has('\\Seen') ?? false
      await reader.mailboxClose()
      return found
    },
    async remake() {
      await (await usable()).mailboxRename(folder, `${folder} before`)
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
