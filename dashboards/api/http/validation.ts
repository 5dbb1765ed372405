import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'

/** Judges requests by the schemas of their routes. Addresses and headers are text, so numbers in them are read; bodies are taken as they are. */
export const validate = (app: FastifyInstance): void => {
  const shared = { allErrors: true, allowUnionTypes: true, useDefaults: true, strict: false } as const
  const forText = new Ajv({ ...shared, coerceTypes: true })
  const forBodies = new Ajv(shared)
  for (const ajv of [forText, forBodies]) formats.default(ajv)
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? forBodies : forText).compile(schema as object),
  )
}
