// Approvals: findings that somebody has looked at and accepted, for a time, with a reason, in a file under review.
import { SchemaError } from '../avro/error.ts'
import { type JsonNode, parseJson } from '../avro/json.ts'
import type { Approval, Finding } from './finding.ts'

const wrong = (node: JsonNode, detail: string, fix: string): never => {
  throw new SchemaError({ mistake: 'shape', detail, fix, position: node.position, pointer: node.pointer })
}

const form = 'write [{"fingerprint", "reason", "author", "expires": "2026-12-31"}]'

/** Reads the approvals file; throws a SchemaError that says where it is wrong. */
export const parseApprovals = (text: string, file: string): readonly Approval[] => {
  const root = parseJson(text, { file })
  if (root.kind !== 'array') return wrong(root, 'approvals are a list', form)
  return root.items.map(item => {
    if (item.kind !== 'object') return wrong(item, 'an approval is an object', form)
    const textOf = (key: keyof Approval): string => {
      const member = item.members.get(key)?.value
      if (member?.kind !== 'string' || member.value === '')
        return wrong(member ?? item, `an approval needs "${key}"`, form)
      return String(member.value)
    }
    const expires = textOf('expires')
    if (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(Date.parse(expires)))
      return wrong(item.members.get('expires')!.value, `"${expires}" is no day`, 'write a day such as "2026-12-31"')
    return { fingerprint: textOf('fingerprint'), reason: textOf('reason'), author: textOf('author'), expires }
  })
}

export interface Approved {
  readonly findings: readonly Finding[]
  /** Words about approvals that have run out or match nothing any more. */
  readonly notes: readonly string[]
}

/** Marks the findings that are approved today. */
export const approve = (findings: readonly Finding[], approvals: readonly Approval[], today: string): Approved => {
  const valid = new Map(approvals.filter(({ expires }) => expires >= today).map(each => [each.fingerprint, each]))
  const present = new Set(findings.map(({ fingerprint }) => fingerprint))
  const notes = approvals.flatMap(({ fingerprint, expires, author }) => {
    if (!present.has(fingerprint))
      return [`the approval ${fingerprint} by ${author} matches no finding any more: remove it`]
    return expires < today ? [`the approval ${fingerprint} by ${author} ran out on ${expires}`] : []
  })
  return {
    findings: findings.map(finding => ({ ...finding, approvedBy: valid.get(finding.fingerprint) })),
    notes,
  }
}
