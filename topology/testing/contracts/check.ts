/**
 * One promise of a port, and a way to see whether an adapter keeps it. `run` throws where it does not.
 * @example const runAll = async (checks: readonly Check[]) => { for (const { run } of checks) await run() }
 */
export interface Check {
  readonly name: string
  readonly run: () => Promise<void>
}

/** Values as text that equal values share: bytes as numbers, whatever class of bytes they are. */
const shown = (value: unknown): string => {
  function bytesAsNumbers(this: Record<string, unknown>, name: string, inner: unknown): unknown {
    const raw = this[name]
    return raw instanceof Uint8Array ? `bytes ${[...raw].join(' ')}` : inner
  }
  return JSON.stringify(value, bytesAsNumbers, 1) ?? 'undefined'
}

/** Suites carry their own comparison, so that they run under any test runner or none. */
export const equal = (found: unknown, expected: unknown, what: string): void => {
  const [a, b] = [shown(found), shown(expected)]
  if (a !== b) throw new Error(`${what}: expected ${b}, found ${a}`)
}

export const holds = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(`it does not hold that ${what}`)
}
