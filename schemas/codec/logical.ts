import type { LogicalType } from '../avro/schema.ts'

const shown = (logical: LogicalType): string =>
  logical.name === 'decimal' ? `decimal(${logical.precision}, ${logical.scale})` : logical.name

/**
 * Two logical types that stand on the same type but mean different things: reading one as the other would change every
 * value without a word. A plain type on either side is fine: then only the annotation was added or removed.
 */
export const logicalClash = (reader: LogicalType | undefined, writer: LogicalType | undefined): string | undefined => {
  if (reader === undefined || writer === undefined) return undefined
  const same =
    reader.name === 'decimal' && writer.name === 'decimal' ? reader.scale === writer.scale : reader.name === writer.name
  return same ? undefined : `${shown(writer)} cannot be read as ${shown(reader)}: the values would mean something else`
}

export const refuseClash = (reader: LogicalType | undefined, writer: LogicalType | undefined): void => {
  const clash = logicalClash(reader, writer)
  if (clash !== undefined) throw new TypeError(clash)
}
