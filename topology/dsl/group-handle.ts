import { whole } from '../formats.ts'
import { type Add, counting, summing } from '../operators/folding.ts'
import type { Place } from './drawing.ts'
import { folded } from './folded.ts'
import { type AnyFormat, type AnyFunction, Handle } from './handle.ts'
import type { TableHandle } from './table-handle.ts'
import type { WindowOptions } from './windowed-group.ts'
import {
  type Hopping,
  hopping,
  type Session,
  type Sliding,
  session,
  sliding,
  type Tumbling,
  tumbling,
  type Windows,
} from './windows.ts'

interface Cogrouping {
  readonly init: AnyFunction
  readonly add: AnyFunction
  readonly as: AnyFormat
}

interface Merging extends WindowOptions {
  readonly merge?: AnyFunction
}

/** Begins with the initial value where there is nothing yet. */
const from =
  (init: AnyFunction, fold: AnyFunction): Add =>
  (state, value, key) =>
    fold(state === undefined ? init(key) : state, value, key)

/** What gathers records in windows, or for all time. */
abstract class Windowable<Self> extends Handle {
  protected abstract in(windows: Windows): Self

  tumbling(options: Tumbling): Self {
    return this.in(tumbling(options))
  }

  hopping(options: Hopping): Self {
    return this.in(hopping(options))
  }

  sliding(options: Sliding): Self {
    return this.in(sliding(options))
  }

  session(options: Session): Self {
    return this.in(session(options))
  }
}

export class GroupHandle extends Windowable<GroupHandle> {
  readonly #windows: Windows | undefined

  constructor(place: Place, key: AnyFormat, value: AnyFormat | undefined, windows?: Windows) {
    super(place, key, value)
    this.#windows = windows
  }

  protected in(windows: Windows): GroupHandle {
    return new GroupHandle(this.place, this.key, this.value, windows)
  }

  count(name: string, options?: WindowOptions): TableHandle {
    const folding = { kind: 'count', adds: [counting], merge: summing }
    return folded([this], this.#windows, { name, value: whole }, folding, options)
  }

  reduce(name: string, combine: AnyFunction, options?: WindowOptions): TableHandle {
    const add: Add = (state, value, key) => (state === undefined ? value : combine(state, value, key))
    const folding = { kind: 'reduce', adds: [add], merge: add }
    return folded([this], this.#windows, { name, value: this.value! }, folding, options)
  }

  aggregate(name: string, how: Cogrouping & Merging): TableHandle {
    const { init, add, merge, as } = how
    const folding = { kind: 'aggregate', adds: [from(init, add)], merge: merge && from(init, merge) }
    return folded([this], this.#windows, { name, value: as }, folding, how)
  }

  cogroup(how: Cogrouping): CogroupHandle {
    return new CogroupHandle([this], [from(how.init, how.add)], how)
  }
}

export class CogroupHandle extends Windowable<CogroupHandle> {
  readonly #groups: readonly Handle[]
  readonly #adds: readonly Add[]
  readonly #how: Cogrouping
  readonly #windows: Windows | undefined

  constructor(groups: readonly Handle[], adds: readonly Add[], how: Cogrouping, windows?: Windows) {
    const { place, key } = groups[0]!
    super(place, key, how.as)
    this.#groups = groups
    this.#adds = adds
    this.#how = how
    this.#windows = windows
  }

  protected in(windows: Windows): CogroupHandle {
    return new CogroupHandle(this.#groups, this.#adds, this.#how, windows)
  }

  with(group: GroupHandle, add: AnyFunction): CogroupHandle {
    const adds = [...this.#adds, from(this.#how.init, add)]
    return new CogroupHandle([...this.#groups, group], adds, this.#how, this.#windows)
  }

  aggregate(name: string, options: Merging = {}): TableHandle {
    const { init, as } = this.#how
    const { merge } = options
    const folding = { kind: 'cogroup', adds: this.#adds, merge: merge && from(init, merge) }
    return folded(this.#groups, this.#windows, { name, value: as }, folding, options)
  }
}
