import type { AvroType } from './avsc.ts'

const shortName = (fullName: string): string => fullName.slice(fullName.lastIndexOf('.') + 1)

/** Whether a reader's name or one of its aliases is the writer's, whatever the namespaces: they may have moved. */
export const sameName = (reader: AvroType, writer: AvroType): boolean => {
  if (writer.name === undefined || reader.name === undefined) return true
  const written = shortName(writer.name)
  const aliases = (reader as { readonly aliases?: readonly string[] }).aliases ?? []
  return [reader.name, ...aliases].some(name => shortName(name) === written)
}
