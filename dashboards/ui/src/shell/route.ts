import { useSyncExternalStore } from 'react'

/** Where the page is: a path and what its query says. */
export interface Route {
  readonly path: string
  readonly query: URLSearchParams
}

const moved = 'franz-moved'
let shown = ''
let route: Route = { path: '/', query: new URLSearchParams() }

const current = (): Route => {
  const { pathname, search } = window.location
  if (pathname + search !== shown) {
    shown = pathname + search
    route = { path: pathname, query: new URLSearchParams(search) }
  }
  return route
}

const subscribe = (changed: () => void) => {
  for (const name of ['popstate', moved]) window.addEventListener(name, changed)
  return () => {
    for (const name of ['popstate', moved]) window.removeEventListener(name, changed)
  }
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, current)

export const go = (to: string, { replace = false } = {}): void => {
  if (replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  window.dispatchEvent(new Event(moved))
}

/** Sets what the query says, and leaves the rest of it; undefined and '' take away. */
export const setQuery = (changes: Readonly<Record<string, string | undefined>>): void => {
  const { path, query } = current()
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') next.delete(name)
    else next.set(name, value)
  }
  const text = next.toString()
  go(text === '' ? path : `${path}?${text}`, { replace: true })
}
