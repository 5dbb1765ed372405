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
