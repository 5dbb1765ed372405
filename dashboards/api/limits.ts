/** What a request may ask for, and what a caller may ask in a minute. */
export const limits = {
  bodyBytesMax: 1_048_576,
  listRowsMax: 200,
  listRowsDefault: 50,
  /** Beyond it a list is read by cursor, which is as quick at any depth. */
  offsetMax: 10_000,
  queryDeadlineMs: 5_000,
  panelRowsMax: 5_000,
  requestDeadlineMs: 30_000,
  readsPerMinuteMax: 3_000,
  writesPerMinuteMax: 600,
  eventStreamsMax: 200,
  heartbeatMs: 15_000,
  labelWaitMsDefault: 1_500,
  labelWaitMsMax: 10_000,
  /** Figures over the whole table are counted at most this often, however many people look. */
  figuresKeptMs: 1_000,
  retryAfterSeconds: 2,
  textLengthMax: 100_000,
  lineLengthMax: 500,
} as const
