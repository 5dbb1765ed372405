// The two classes of every JavaScript runtime by which work is told to stop; declared here because `lib` holds the language alone.
declare class AbortController {
  readonly signal: CancelSignal
  abort(reason?: unknown): void
}

/** Tells an implementation that nobody waits for its answer any more: the runtime's own AbortSignal. */
export interface CancelSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

export interface Canceller {
  readonly signal: CancelSignal
  abort(reason?: unknown): void
}

export const canceller = (): Canceller => new AbortController()
