/**
 * What one datum may take. The limits hold in both directions, so that nothing is written that could not be read back.
 * @example const small: Partial<Limits> = { bytesMax: 64_000, itemsMax: 1_000 }
 */
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

/**
 * What one datum may take unless a format says otherwise.
 * @example const double = { ...defaultLimits, bytesMax: 2 * defaultLimits.bytesMax }
 */
export const defaultLimits: Limits = {
  bytesMax: 16 * 1024 * 1024,
  textBytesMax: 8 * 1024 * 1024,
  itemsMax: 100_000,
  depthMax: 500,
}
