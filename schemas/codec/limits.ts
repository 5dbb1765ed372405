/** What one datum may take. The limits hold in both directions, so that nothing is written that could not be read back. */
export interface Limits {
  /** Bytes of a whole datum. */
  readonly bytesMax: number
  /** Bytes of one string, map key or bytes value. */
  readonly textBytesMax: number
  /** Items and map entries of one datum, all arrays and maps together. */
  readonly itemsMax: number
  /** Arrays, maps and records in unions that stand inside each other. */
  readonly depthMax: number
}

export const defaultLimits: Limits = {
  bytesMax: 16 * 1024 * 1024,
  textBytesMax: 8 * 1024 * 1024,
  itemsMax: 100_000,
  depthMax: 500,
}
