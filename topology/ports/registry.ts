/**
 * Where schemas are kept by number. A runner is given one; formats ask it, and topologies never see it.
 * @example const known: Registry = { idOf: async () => 1, schemaOf: async id => (id === 1 ? '"string"' : undefined) }
 */
export interface Registry {
  /**
   * The id under which `schema` (its JSON text) stands in `subject`. Whether an unknown one is registered or refused
   * is the registry's own setting: in production nothing is registered by accident.
   */
  idOf(subject: string, schema: string): Promise<number>
  /** The schema's JSON text, or undefined when the registry says that it knows no such id. Rejects when out of reach. */
  schemaOf(id: number): Promise<string | undefined>
}
