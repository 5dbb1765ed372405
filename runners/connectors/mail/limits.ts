/** What is read of one mail; beyond it, it is refused with the reason, and stays in the mailbox. */
export const mailLimits = {
  bytesMax: 25 * 1024 * 1024,
  partsMax: 1_000,
  depthMax: 30,
  headerBytesMax: 256 * 1024,
  /** Mails within mails. */
  messagesMax: 3,
  htmlBytesMax: 2 * 1024 * 1024,
  /** Tags that are open at once. */
  htmlDepthMax: 1_000,
  /** Beyond these a text is cut, with a remark: people read no more, and a record must fit into the log. */
  textBytesMax: 1024 * 1024,
  textLengthMax: 90_000,
  /** Lines that begin like the end of a part. */
  dashesMax: 100_000,
} as const

/** Why a mail is not read, in a sentence for whoever looks at the dead letter. */
export class RefusedMail extends Error {
  override readonly name = 'RefusedMail'
}

export const counted = (count: number): string => count.toLocaleString('en-US')
