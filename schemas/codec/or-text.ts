import type { Format } from '../../topology/index.ts'

/**
 * The same format, which gives what it cannot read as text: for whoever only shows it.
 * @example const failures = topic('my-dlq', { key: text, value: orText(apiMessage) })
 */
export const orText = <R, W>(format: Format<R, W>): Format<R | string, W> => ({
  ...format,
  async open(place, registry) {
    const codec = await format.open(place, registry)
    const prepare = codec.prepare?.bind(codec)
    return {
      encode: value => codec.encode(value),
      decode(bytes) {
        try {
          return codec.decode(bytes)
        } catch {
          return new TextDecoder().decode(bytes)
        }
      },
      ...(prepare && { prepare }),
    }
  },
})
