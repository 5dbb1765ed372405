import { useCallback, useEffect, useRef, useState } from 'react'
import { read, ServerProblem, token, Unreachable } from './client.ts'
import { news } from './live.ts'
import { createStore, useStore } from './store.ts'

/** How often views read anew by the clock; 0 only when something has happened. */
export const refreshMs = createStore(Number(localStorage.getItem('franz-refresh') ?? 10_000))
export const setRefresh = (ms: number): void => {
  localStorage.setItem('franz-refresh', String(ms))
  refreshMs.set(ms)
}

/** When the server last answered anything, and whether it does. */
export const reach = createStore<{ readonly isReached: boolean; readonly at: number | undefined }>({
  isReached: true,
  at: undefined,
})

/** The server wants a token before it says anything. */
export const needsToken = createStore(false)

export interface Answer<T> {
  readonly data: T | undefined
  readonly error: Error | undefined
  /** What is shown was read before something went wrong. */
  readonly isStale: boolean
  readonly isLoading: boolean
  readonly again: () => void
}

interface Held<T> {
  readonly path: string
  readonly data: T | undefined
  readonly error: Error | undefined
}

/** While a view waits for its next answer, what it had stays. */
export const useAnswer = <T>(path: string, { live = true }: { live?: boolean } = {}): Answer<T> => {
  const [held, setHeld] = useState<Held<T>>({ path, data: undefined, error: undefined })
  const [isLoading, setLoading] = useState(true)
  const [asked, setAsked] = useState(0)
  const every = useStore(refreshMs)
  const given = useStore(token)
  const underWay = useRef<{ path: string; isNewer: boolean } | undefined>(undefined)

  const load = useCallback(async () => {
    // A slow server is asked one thing at a time; what was missed meanwhile is asked for afterwards.
    if (underWay.current?.path === path) {
      underWay.current.isNewer = true
      return
    }
    const mine = { path, isNewer: false }
    underWay.current = mine
    const settle = (held: Held<T> | ((before: Held<T>) => Held<T>)) => {
      if (underWay.current !== mine) return
      underWay.current = undefined
      setHeld(held)
      setLoading(false)
      if (mine.isNewer) setAsked(count => count + 1)
    }
    try {
      const data = await read<T>(path)
      reach.set({ isReached: true, at: Date.now() })
      settle({ path, data, error: undefined })
    } catch (error) {
      if (error instanceof Unreachable) reach.set({ isReached: false, at: reach.get().at })
      if (error instanceof ServerProblem && error.status === 401) needsToken.set(true)
      settle(before => ({ path, data: before.data, error: error as Error }))
    }
  }, [path])

  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these is a reason to read anew
  useEffect(() => {
    void load()
  }, [load, asked, given])

  // News are a reason to read, and none to render: what is shown stays as it is until the answer is there.
  useEffect(() => (live ? news.subscribe(() => void load()) : undefined), [load, live])

  useEffect(() => {
    const ms = every === 0 ? undefined : every
    if (ms === undefined) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void load()
    }, ms)
    return () => clearInterval(timer)
  }, [every, load])

  const again = useCallback(() => setAsked(count => count + 1), [])
  return { ...held, isStale: held.error !== undefined && held.data !== undefined, isLoading, again }
}
