import type { Incoming } from '../../../topology/ports/connectors.ts'
import { kindOf, type MailKind } from './kind.ts'
import type { ReadMail } from './read.ts'

/** A record of the topic: a mail as it came. */
export interface MailMessage {
  readonly sender: string
  readonly subject: string
  readonly message: string
  readonly timestamp: string
  readonly messageId: string | null
  readonly to: readonly string[]
  readonly inReplyTo: string | null
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly mailbox: string
  readonly uidValidity: bigint
  readonly uid: bigint
  readonly kind: MailKind
  readonly refused: string | null
  readonly remarks: readonly string[]
  readonly original: string | null
  readonly contentHash: string
  readonly raw: string
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly bytes: number }[]
}

/** Where a mail was found. */
export interface Place {
  readonly server: string
  readonly mailbox: string
  readonly uidValidity: string
  readonly uid: number
  /** When it came into the mailbox. */
  readonly arrived: Date
}

/** How much of a Message-ID a key takes: a key has to fit into the stores behind it. */
const keyIdLengthMax = 400

/** The same for every copy of one mail, and another for other content under the same Message-ID. */
const keyOf = ({ messageId, contentHash }: ReadMail): string =>
  messageId === undefined ? contentHash : `${messageId.slice(0, keyIdLengthMax)} ${contentHash.slice(0, 32)}`

export const recordOf = (
  mail: ReadMail,
  { server, mailbox, uidValidity, uid, arrived }: Place,
  ownAddresses: readonly string[],
): Incoming<string, MailMessage> => ({
  key: keyOf(mail),
  value: {
    ...{ sender: mail.sender, subject: mail.subject, message: mail.message, to: mail.to, headers: mail.headers },
    ...{ remarks: mail.remarks, attachments: mail.attachments, contentHash: mail.contentHash, mailbox },
    timestamp: mail.date ?? arrived.toISOString(),
    messageId: mail.messageId ?? null,
    inReplyTo: mail.inReplyTo ?? null,
    uidValidity: BigInt(uidValidity),
    uid: BigInt(uid),
    kind: kindOf(mail, ownAddresses),
    refused: mail.refused ?? null,
    original: mail.text === mail.message ? null : mail.text,
    raw: `imap://${server}/${encodeURIComponent(mailbox)};UIDVALIDITY=${uidValidity}/;UID=${uid}`,
  },
})
