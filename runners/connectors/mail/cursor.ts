/**
 * Where reading of a mailbox stands. UIDs mean something within one UIDVALIDITY alone; when that changes, or at the very
 * first, what is already there is looked through once by what is unread or new (`catchUp`), then UIDs are followed again.
 */
export interface Cursor {
  readonly uidValidity: string
  /** The UID of the last mail that was taken or passed over. */
  readonly uid: number
  /** The first UID of the last append: from here to `uid` mails may not have been marked as seen yet. */
  readonly from: number
  /** Up to this UID only what is unread, or came since that day, is taken. */
  readonly catchUp?: { readonly upTo: number; readonly since: string | undefined } | undefined
  /** When the newest mail so far came, in ISO 8601. */
  readonly newest?: string | undefined
}

/** A mailbox as it is found. */
export interface Mailbox {
  readonly uidValidity: string
  readonly uidNext: number
}

export const cursorText = (cursor: Cursor): string => JSON.stringify(cursor)

/** Throws for a text that no source of mail has written. */
export const parseCursor = (text: string): Cursor => {
  const { uidValidity, uid, from, catchUp, newest } = JSON.parse(text) as Partial<Cursor>
  if (typeof uidValidity !== 'string' || !Number.isSafeInteger(uid) || !Number.isSafeInteger(from))
    throw new Error(`the kept place in the mailbox cannot be read: ${text.slice(0, 100)}`)
  return { uidValidity, uid: uid!, from: from!, catchUp, newest }
}

const dayMs = 86_400_000

/**
 * Where to go on. Under another UIDVALIDITY, or where the numbers began anew, mails may come a second time (they have the
 * same key then), and none is passed over: what is unread, and what came since the day before the newest one, is taken.
 */
export const startingCursor = (kept: Cursor | undefined, mailbox: Mailbox, first: 'unseen' | 'all'): Cursor => {
  const { uidValidity, uidNext } = mailbox
  if (kept !== undefined && kept.uidValidity === uidValidity && uidNext > kept.uid) return kept
  const fresh = { uidValidity, uid: 0, from: 1, newest: kept?.newest }
  const since = kept?.newest === undefined ? undefined : new Date(Date.parse(kept.newest) - dayMs).toISOString()
  if (kept === undefined && first === 'all') return fresh
  return { ...fresh, catchUp: { upTo: uidNext - 1, since } }
}

/** After an append of these UIDs. */
export const advanced = (cursor: Cursor, uids: readonly number[], newest: string | undefined): Cursor => {
  const uid = uids.at(-1)!
  const { uidValidity, catchUp } = cursor
  const latest = [cursor.newest, newest]
    .filter(each => each !== undefined)
    .sort()
    .at(-1)
  const still = catchUp !== undefined && uid < catchUp.upTo ? { catchUp } : undefined
  return { uidValidity, uid, from: uids[0]!, newest: latest, ...still }
}
