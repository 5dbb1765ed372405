import type { Registry } from '../../topology/index.ts'

/**
 * A registry in memory, which gives every schema an id and refuses none: for tests.
 * @example const world = await drive(pipeline, { registry: memoryRegistry() })
 */
export const memoryRegistry = (): Registry => {
  const schemas: string[] = []
  return {
    async idOf(_subject, schema) {
      const known = schemas.indexOf(schema)
      return known >= 0 ? known + 1 : schemas.push(schema)
    },
    async schemaOf(id) {
      return schemas[id - 1]
    },
  }
}
