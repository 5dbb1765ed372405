const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const

/** A time span in the largest unit that divides it: one text for each length. */
export const durationText = (ms: number): string => {
  for (const [unit, length] of Object.entries(unitMs)) if (ms > 0 && ms % length === 0) return `${ms / length}${unit}`
  return `${ms}ms`
}
