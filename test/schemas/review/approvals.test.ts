import { describe, expect, test } from 'vitest'
import { parseApprovals } from '../../../schemas/review/approvals.ts'
import { field, find, order, reviewed } from './orders.ts'

const id = field('id', 'string')
const versions = [order([id]), order([id, field('by', 'string')])]

describe('an approval', () => {
  const { fingerprint } = find(reviewed(versions), 'AV101')
  const approval = { fingerprint, reason: 'the topic is empty', author: 'kim', expires: '2026-12-31' }

  test('takes the finding out of the counts, to the last day', () => {
    const report = reviewed(versions, { approvals: [approval], today: '2026-12-31' })
    expect(report.counts).toEqual({ error: 0, warn: 0, info: 0, approved: 1 })
    expect(find(report, 'AV101').approvedBy).toEqual(approval)
    expect(report.notes).toEqual([])
  })
  test('counts no more when it has run out', () => {
    const report = reviewed(versions, { approvals: [approval], today: '2027-01-01' })
    expect(report.counts.error).toBe(1)
    expect(report.notes).toEqual([`the approval ${fingerprint} by kim ran out on 2026-12-31`])
  })
  test('that matches nothing is mentioned', () => {
    const report = reviewed([versions[1], versions[1]], { approvals: [approval], today: '2026-01-01' })
    expect(report.notes[0]).toContain('matches no finding any more')
  })
  test('survives edits elsewhere in the file, and no edit of what it is about', () => {
    const longer = [versions[0], order([id, field('by', 'string')], { doc: 'a line more' })]
    expect(find(reviewed(longer), 'AV101').fingerprint).toBe(fingerprint)
    const other = [versions[0], order([id, field('by', 'int')])]
    expect(find(reviewed(other), 'AV101').fingerprint).not.toBe(fingerprint)
    expect(find(reviewed(versions, { subject: 'others-value' }), 'AV101').fingerprint).not.toBe(fingerprint)
  })
})

test.each([
  ['{}', 1, 'approvals are a list'],
  ['[5]', 1, 'an approval is an object'],
  ['[\n {"fingerprint": "a", "reason": "b", "author": "c"}]', 2, 'an approval needs "expires"'],
  ['[\n {"fingerprint": "a", "reason": "", "author": "c", "expires": "2026-01-01"}]', 2, 'an approval needs "reason"'],
  ['[\n\n {"fingerprint": "a", "reason": "b", "author": "c", "expires": "soon"}]', 3, '"soon" is no day'],
  ['[{"fingerprint": "a", "reason": "b", "author": "c", "expires": "2026-13-01"}]', 1, 'is no day'],
])('a file of approvals that is wrong says where: %s', (text, line, words) => {
  expect(() => parseApprovals(text, 'approvals.json')).toThrow(words)
  expect(() => parseApprovals(text, 'approvals.json')).toThrow(`approvals.json:${line}:`)
})
