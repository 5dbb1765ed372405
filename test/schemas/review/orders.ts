// A small shop for the tests of the review: a schema, its neighbours, and the services around its topic.
import { parseSchema } from '../../../schemas/avro/parse.ts'
import type { Schema } from '../../../schemas/avro/schema.ts'
import type { Deployment } from '../../../schemas/review/deployment.ts'
import type { Finding } from '../../../schemas/review/finding.ts'
import { type ReviewInput, review } from '../../../schemas/review/review.ts'

export type Fields = readonly object[]

export const order = (fields: Fields, more: object = {}) => ({ type: 'record', name: 'shop.Order', fields, ...more })
export const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more })
export const parsed = (schema: unknown, file = 'orders.avsc'): Schema =>
  parseSchema(JSON.stringify(schema, undefined, 2), { file })

/** checkout -> orders -> billing -> invoices -> ledger; audit reads orders too. */
export const shop: Deployment = {
  pipelines: [
    { name: 'checkout', reads: [], writes: ['orders'] },
    {
      name: 'billing',
      reads: ['orders'],
      writes: ['invoices'],
      stores: [{ name: 'totals-by-day', topic: 'orders', retentionMs: 21 * 86_400_000 }],
    },
    { name: 'audit', reads: ['orders'], writes: [] },
    { name: 'ledger', reads: ['invoices'], writes: [] },
  ],
}

/** Reviews one step, or several versions and a last one, of the value of orders. */
export const reviewed = (versions: readonly unknown[], options: Partial<ReviewInput> & { subject?: string } = {}) => {
  const { subject = 'orders-value', ...input } = options
  const old = versions.slice(0, -1).map((schema, index) => ({
    label: `version ${index + 1}`,
    schema: parsed(schema, `v${index + 1}/orders.avsc`),
  }))
  const last = { subject, file: 'orders.avsc', schema: parsed(versions.at(-1)), versions: old }
  return review({ against: 'main', subjects: [last], ...input })
}

export const codesOf = (report: { readonly findings: readonly Finding[] }): readonly string[] =>
  report.findings.map(({ code }) => code)
export const find = (report: { readonly findings: readonly Finding[] }, code: string): Finding => {
  const found = report.findings.find(finding => finding.code === code)
  if (found === undefined) throw new Error(`no ${code} among ${codesOf(report).join(', ')}`)
  return found
}
