/** What is wrong with a data folder: `full` and `limit` pass when there is room again, the others need a hand. */
export type DataFolderFault = 'away' | 'taken' | 'newer' | 'damaged' | 'full' | 'limit'

/** Refusals and failures of the data folder, in words that say what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
  readonly fault: DataFolderFault

  constructor(fault: DataFolderFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.fault = fault
  }

  /** It goes on by itself as soon as there is room. */
  get passes(): boolean {
    return this.fault === 'full' || this.fault === 'limit'
  }
}

/** What is there is not what was written. */
export const damaged = (folder: string, what: string, cause?: unknown): DataFolderError =>
  new DataFolderError(
    'damaged',
    `The data folder ${folder} is damaged: ${what}. Nothing more is written to it. Put back a copy of it, or move it away and start with an empty one.`,
    cause,
  )

const brokenPages = /MDB_(CORRUPTED|PAGE_NOTFOUND|PANIC|INVALID|BAD_TXN|BAD_VALSIZE)|Invalid key size/

/** What LMDB says where it meets a page that is not as it was written, in words that say what to do. */
export const inPages = (folder: string, error: Error): Error =>
  brokenPages.test(error.message) ? damaged(folder, `a page of it is broken (${error.message})`, error) : error

/** Why a folder cannot be opened. */
export const unopened = (folder: string, error: Error, readersMax: number): DataFolderError => {
  const { message } = error
  if (/MDB_(INVALID|CORRUPTED|VERSION_MISMATCH|PAGE_NOTFOUND)/.test(message)) return damaged(folder, message, error)
  if (/MDB_READERS_FULL/.test(message)) {
    const words = `The data folder ${folder} is open in ${readersMax} places already. End some of them.`
    return new DataFolderError('away', words, error)
  }
  if (/no space left/i.test(message)) {
    const words = `The disk of ${folder} has no room for a data folder: make room, or choose another folder with --data.`
    return new DataFolderError('full', words, error)
  }
  const readOnly = /EROFS|EACCES|EPERM|read-only|permission denied/i.test(message)
  const why = readOnly ? `this process may not write there (${message})` : message
  return new DataFolderError(
    'away',
    `The data folder ${folder} cannot be opened: ${why}. ${readOnly ? 'Give it the right to, or choose' : 'Choose'} another folder with --data.`,
    error,
  )
}
