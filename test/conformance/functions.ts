/** The named functions of a case, as README.md defines them; `Functions.java` is the other side. */
import type { Named } from './case-format.ts'

export type Text = string | null
type Fold = (state: string, value: string) => Text

const unknown = (what: string, { fn }: Named) => new Error(`no such ${what}: ${fn}`)

const firstLetter = (value: Text): Text => value?.[0] ?? null

export function mapper({ fn, text = '', length = 0 }: Named): (value: Text) => Text {
  switch (fn) {
    case 'append':
      return value => (value === null ? null : value + text)
    case 'upper':
      return value => value?.toUpperCase() ?? null
    case 'firstLetter':
      return firstLetter
    case 'ifNull':
      return value => value ?? text
    case 'nullIfLonger':
      return value => (value === null || value.length > length ? null : value)
    default:
      throw unknown('mapper', { fn })
  }
}

export function flatMapper({ fn }: Named): (value: Text) => Text[] {
  switch (fn) {
    case 'split':
      return value => (value ?? '').split(' ').filter(word => word !== '')
    case 'twice':
      return value => [value, value]
    default:
      throw unknown('flat mapper', { fn })
  }
}

export function predicate({ fn, text = '', length = 0, of }: Named): (value: Text, key: Text) => boolean {
  switch (fn) {
    case 'longerThan':
      return value => value !== null && value.length > length
    case 'contains':
      return value => value?.includes(text) ?? false
    case 'keyIs':
      return (_, key) => key === text
    case 'isNull':
      return value => value === null
    case 'keyIsNull':
      return (_, key) => key === null
    case 'not': {
      const negated = predicate(of!)
      return (value, key) => !negated(value, key)
    }
    default:
      throw unknown('predicate', { fn })
  }
}

export function rekeyer({ fn, text = '' }: Named): (value: Text, key: Text) => Text {
  switch (fn) {
    case 'firstLetter':
      return firstLetter
    case 'value':
      return value => value
    case 'keyAppend':
      return (_, key) => (key === null ? null : key + text)
    case 'constant':
      return () => text
    default:
      throw unknown('rekeyer', { fn })
  }
}

/** A side that is missing is undefined. */
export function joiner({ fn }: Named): (left: string | undefined, right: string | undefined) => Text {
  switch (fn) {
    case 'plus':
      return (left, right) => `${left ?? null}+${right ?? null}`
    case 'left':
      return left => left ?? null
    case 'right':
      return (_, right) => right ?? null
    default:
      throw unknown('joiner', { fn })
  }
}

export function reducer({ fn }: Named): (state: string, value: string) => string {
  switch (fn) {
    case 'concat':
      return (state, value) => state + value
    case 'max':
      return (state, value) => (state >= value ? state : value)
    case 'latest':
      return (_, value) => value
    case 'without':
      return (state, value) => state.replace(value, () => '')
    default:
      throw unknown('reducer', { fn })
  }
}

/** Every aggregate starts from this. */
export const initial = ''

export function aggregator({ fn, text = '' }: Named): Fold {
  switch (fn) {
    case 'concat':
      return (state, value) => state + value
    case 'concatUpper':
      return (state, value) => state + value.toUpperCase()
    case 'clearOn':
      return (state, value) => (value === text ? null : state + value)
    case 'addLength':
      return (state, value) => String(Number(state) + value.length)
    case 'subtractLength':
      return (state, value) => String(Number(state) - value.length)
    case 'listAdd':
      return (state, value) => (state === '' ? value : `${state},${value}`)
    case 'listRemove':
      return (state, value) => {
        const items = state.split(',')
        const at = items.indexOf(value)
        return (at < 0 ? items : items.toSpliced(at, 1)).join(',')
      }
    default:
      throw unknown('aggregator', { fn })
  }
}

/** Makes one aggregate of two sessions' aggregates, in the way of their aggregator. */
export function merger({ fn }: Named): (one: string, other: string) => string {
  switch (fn) {
    case 'concat':
    case 'concatUpper':
    case 'clearOn':
      return (one, other) => one + other
    case 'addLength':
      return (one, other) => String(Number(one) + Number(other))
    case 'listAdd':
      return (one, other) => (one === '' || other === '' ? one + other : `${one},${other}`)
    default:
      throw unknown('merger', { fn })
  }
}
