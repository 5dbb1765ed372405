import type { EnumSchema } from '../avro/schema.ts'
import { type AvroType, bareType, type OpenResolver, refuse, type Tap, type TypeOptions } from './avsc.ts'
import { Fault } from './fault.ts'
import { sameName } from './names.ts'
import { checkedBy } from './numbers.ts'
import { readCount } from './varint.ts'

const readSymbol =
  (symbols: readonly string[]) =>
  (tap: Tap): string => {
    const at = tap.pos
    const symbol = symbols[readCount(tap)]
    if (symbol === undefined) throw new Fault(at, `the enum has only ${symbols.length} symbols`)
    return symbol
  }

export const enumType = (schema: EnumSchema, definition: object, options: TypeOptions): AvroType => {
  const { symbols } = schema
  const indices = new Map<unknown, number>(symbols.map((symbol, index) => [symbol, index]))
  return bareType('EnumType', definition, options, {
    symbols,
    ...checkedBy(value => indices.has(value), `enum ${schema.fullName}`),
    _read: readSymbol(symbols),
    _write(tap: Tap, value: unknown): void {
      tap.writeLong(indices.get(value) ?? refuse('enum'))
    },
    _update(this: AvroType, resolver: OpenResolver, writer: AvroType): void {
      if (writer.typeName !== 'enum' || !sameName(this, writer)) return
      const written = (writer as unknown as { readonly symbols: readonly string[] }).symbols
      const unknown = written.filter(symbol => !indices.has(symbol))
      if (unknown.length > 0 && schema.default === undefined)
        throw new TypeError(`the enum ${schema.fullName} lacks the symbols ${unknown.join(', ')} and has no default`)
      resolver._read = readSymbol(written.map(symbol => (indices.has(symbol) ? symbol : schema.default!)))
    },
  })
}
