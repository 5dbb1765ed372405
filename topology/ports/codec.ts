import type { Registry } from './registry.ts'

/**
 * Where bytes stand: it names them in errors and decides the subject of a schema.
 * @example const place: Place = { topic: 'tickets', part: 'value' }
 */
export interface Place {
  readonly topic: string
  readonly part: 'key' | 'value'
  /** The topology only reads here: a schema that the registry does not have yet is no hindrance. */
  readonly use?: 'read' | undefined
}

/**
 * Turns bytes into a value and back, synchronously. Both throw an Error that says what is wrong and where in the bytes.
 * @example const flag: Codec<boolean> = { decode: ([byte]) => byte === 1, encode: on => Uint8Array.of(on ? 1 : 0) }
 */
export interface Codec<out R, in W = R> {
  decode(bytes: Uint8Array): R
  encode(value: W): Uint8Array
  /**
   * Fetches ahead what `decode` will need for these bytes (a schema by its id); undefined when nothing is missing.
   * Rejects when that is out of reach for now: the partition waits. An id that is known to be unknown is left to `decode`.
   */
  prepare?(bytes: Uint8Array): Promise<void> | undefined
  /** Of an encoded key, the part that decides its partition, where that is not all of it: a window goes where its key goes. */
  placedBy?(bytes: Uint8Array): Uint8Array
}

/**
 * How a type is written as bytes: declared beside a topic or a store, opened by the runner. `R` is read, `W` is written.
 * @example const loud: Format<string> = { name: 'loud text', open: () => ({ decode: () => 'AH', encode: () => new Uint8Array(2) }) }
 */
export interface Format<out R, in W = R> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly types?: { readonly read: R; readonly write: (value: W) => void } | undefined
  /** What the lock file records, as `text` or `avro desk.Ticket 9f3c01ab`: another name is another format. */
  readonly name: string
  /**
   * The beginning of `name` that stays when a schema changes: values of one family are read across its versions as far as
   * their schemas allow, which a review judges. Without it, another name is bytes of another kind.
   */
  readonly family?: string | undefined
  /** Of keys: the name of the format whose bytes decide the partition, where that is another one, as for windows of a key. */
  readonly placedAs?: string | undefined
  open(place: Place, registry: Registry | undefined): Codec<R, W> | Promise<Codec<R, W>>
}
