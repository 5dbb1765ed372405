/** Who seems to have sent a mail: the symbols of the schema. */
export type MailKind = 'Unknown' | 'Person' | 'AutoReply' | 'Bounce' | 'List' | 'Own'

export interface HeaderLine {
  readonly name: string
  readonly value: string
}

export interface Sent {
  readonly headers: readonly HeaderLine[]
  /** The address of the sender, in lower case. */
  readonly address: string
  readonly subject: string
}

/** The header by which the desk marks what it sends itself. */
export const ownHeader = 'x-franz-desk'

/** Judges by headers alone, the surest sign first. What only asks for silence proves nothing: X-Auto-Response-Suppress. */
export const kindOf = ({ headers, address, subject }: Sent, ownAddresses: readonly string[]): MailKind => {
  const lineOf = (name: string): string => headers.find(line => line.name === name)?.value.toLowerCase() ?? ''
  const has = (name: string): boolean => headers.some(line => line.name === name)
  if (has(ownHeader) || ownAddresses.some(own => own.toLowerCase() === address)) return 'Own'
  const type = lineOf('content-type')
  if (/multipart\/report/.test(type) && !/disposition-notification|feedback-report/.test(type)) return 'Bounce'
  if (has('x-failed-recipients') || /^(mailer-daemon|postmaster|mail-daemon)@/.test(address)) return 'Bounce'
  if (lineOf('return-path').replaceAll(/\s/g, '') === '<>' && !has('auto-submitted')) return 'Bounce'
  const submitted = lineOf('auto-submitted')
  if (submitted !== '' && !submitted.startsWith('no')) return 'AutoReply'
  if (/multipart\/report/.test(type)) return 'AutoReply'
  if (['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-reply-from'].some(has)) return 'AutoReply'
  const precedence = lineOf('precedence')
  if (
    /auto_reply|junk/.test(precedence) ||
    /^(out of office|automatic reply|automatische antwort|abwesenheitsnotiz)\b/i.test(subject)
  )
    return 'AutoReply'
  if (has('list-id') || has('list-unsubscribe') || has('list-post') || /bulk|list/.test(precedence)) return 'List'
  return 'Person'
}
