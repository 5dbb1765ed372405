/** Where a value should be, a promise is a mistake of whoever wrote the function. */
export const isPromise = (made: unknown): made is { then(done: unknown, failed: unknown): void } =>
  typeof made === 'object' && made !== null && typeof (made as { then?: unknown }).then === 'function'

/** The same, of a promise that nobody will await: a rejection nobody awaits would end the process. */
export const isLeftPromise = (made: unknown): boolean => {
  if (!isPromise(made)) return false
  made.then(undefined, () => {})
  return true
}
