import type { Codec, Format } from './ports/codec.ts'

type AnyFormat = Format<unknown, never>

/** A format around another one, whose codec may take its time to open. `part` says which part of a record the inner one is. */
export const wrapped = <R>(
  name: string,
  inner: AnyFormat,
  part: 'key' | 'value',
  around: (codec: Codec<unknown>) => Codec<R>,
): Format<R> => ({
  name,
  // Values that read each other's versions still do inside of something else. Of keys every bit counts.
  family:
    part === 'value' && name.endsWith(inner.name) ? inner.family && name.replace(inner.name, inner.family) : undefined,
  open(place, registry) {
    const opened = inner.open({ ...place, part }, registry) as Codec<unknown> | Promise<Codec<unknown>>
    return opened instanceof Promise ? opened.then(around) : around(opened)
  },
})

/** A key's format for keys that stand elsewhere, as in a value. */
export const asKey = (key: AnyFormat): AnyFormat => wrapped(key.name, key, 'key', codec => codec)
