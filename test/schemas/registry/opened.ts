import { expect } from 'vitest'
import type { OpenRegistry } from '../../../schemas/registry/contract.ts'
import { type HttpRegistryOptions, httpRegistry } from '../../../schemas/registry/http.ts'
import { RegistryError } from '../../../schemas/registry/registry-error.ts'

const gaps = { firstGapMs: 5, gapMaxMs: 20, chance: () => 0.5 }
const opening =
  (deadlineMs: number, attemptMs: number) =>
  (url: string, more: Partial<HttpRegistryOptions> = {}): OpenRegistry =>
    httpRegistry({ url, patience: { ...gaps, deadlineMs, attemptMs }, ...more })

/** For calls that succeed in the end, however busy the machine is. */
export const steady = opening(20_000, 5_000)

/** For calls that fail in the end, so that they do so soon. */
export const hasty = opening(100, 50)
/** Gives up soon, but not so soon that a busy machine looks like one that is away. */
export const calm = opening(1_500, 700)

/** The error of a call that has to fail. */
export const failureOf = async (promise: Promise<unknown>): Promise<RegistryError> => {
  const error = await promise.then(
    value => expect.fail(`it should have failed, and gave ${JSON.stringify(value)}`),
    thrown => thrown,
  )
  expect(error).toBeInstanceOf(RegistryError)
  return error
}
