// Wall clocks that mislead the process they are in, some time after it has begun.

const hourMs = 3_600_000
const beginsMs = 300

export const clockFaults = {
  'an hour ahead': (nowMs: number) => nowMs + hourMs,
  'an hour back': (nowMs: number) => nowMs - hourMs,
  'ten years ahead': (nowMs: number) => nowMs + 87_660 * hourMs,
  stopped: (_: number, begunMs: number) => begunMs,
  'to and fro each second': (nowMs: number) => nowMs + (Math.floor(nowMs / 1_000) % 2 === 0 ? hourMs : -hourMs),
} as const

export type ClockFault = keyof typeof clockFaults

export const misled = (fault: ClockFault): void => {
  const wall = Date.now
  const begunMs = wall() + beginsMs
  Date.now = () => (wall() < begunMs ? wall() : clockFaults[fault](wall(), begunMs))
}
