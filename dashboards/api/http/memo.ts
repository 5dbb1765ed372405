/** Remembers answers for a short while, and asks once however many wait: what many people look at is counted once. */
export const memo = <T>(keptMs: number, entriesMax = 500) => {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<T> }>()
  return (key: string, ask: () => Promise<T>): Promise<T> => {
    const now = performance.now()
    const found = kept.get(key)
    if (found !== undefined && found.until > now) return found.answer
    for (const [old, { until }] of kept) if (until <= now || kept.size >= entriesMax) kept.delete(old)
    const answer = ask()
    const entry = { until: Number.POSITIVE_INFINITY, answer }
    kept.set(key, entry)
    answer.then(
      () => kept.get(key) === entry && kept.set(key, { until: performance.now() + keptMs, answer }),
      () => kept.get(key) === entry && kept.delete(key),
    )
    return answer
  }
}
