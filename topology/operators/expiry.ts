import type { Context, StreamTime } from './operator.ts'

/** Entries deleted in one commit: as many as a commit brings new ones at most, so that expiry keeps up. */
const expiredPerCommitMax = 50_000

/**
 * Deletes with each commit what stream time has left behind. It may lag: whoever reads passes over what has expired.
 * `expire` deletes all that is of that time or older, and tells whether it came to the end. Time goes in whole steps, so
 * that what is deleted does not depend on how often the task was opened.
 */
export const expireAtCommit = (
  context: Context,
  time: StreamTime,
  retentionMs: number,
  stepMs: number,
  expire: (upTo: number, entriesMax: number) => boolean,
): void => {
  let done = Number.NEGATIVE_INFINITY
  context.beforeCommit(() => {
    const upTo = time.now - retentionMs
    const step = Math.floor(upTo / stepMs)
    if (upTo >= 0 && step > done && expire(step * stepMs, expiredPerCommitMax)) done = step
  })
}
