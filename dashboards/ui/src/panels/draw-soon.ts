// News reach all drawings at once: one is drawn in each frame, so that none of the frames is long.

const waiting = new Set<() => void>()
let isPlanned = false

const plan = (): void => {
  if (isPlanned || waiting.size === 0) return
  isPlanned = true
  requestAnimationFrame(() => {
    isPlanned = false
    const [draw] = waiting
    if (draw !== undefined) waiting.delete(draw)
    plan()
    draw?.()
  })
}

/** Draws in one of the next frames; what it gives back calls that off. */
export const drawSoon = (draw: () => void): (() => void) => {
  waiting.add(draw)
  plan()
  return () => {
    waiting.delete(draw)
  }
}
