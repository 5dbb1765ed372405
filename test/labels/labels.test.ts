import { expect, test } from 'vitest'
import { keywordLabel } from '../../pipelines/desk/label.ts'
import { issueTracking } from '../../pipelines/desk/taxonomy/issue-tracking.ts'
import { fieldNames } from '../../pipelines/desk/taxonomy/taxonomy.ts'
import { golden } from './golden.ts'
import { later } from './later.ts'
import { measured, qualityText } from './measure.ts'

const half = (heldOut: boolean) => golden.filter(ticket => ticket.heldOut === heldOut)

test('there are sixty golden tickets and more, in two languages, half of each held out, of every class', () => {
  expect(golden.length).toBeGreaterThanOrEqual(60)
  for (const language of ['en', 'de'] as const) {
    const own = golden.filter(ticket => ticket.language === language)
    expect(own.filter(({ heldOut }) => heldOut)).toHaveLength(own.length / 2)
  }
  for (const field of fieldNames.filter(name => name !== 'department'))
    for (const { name } of issueTracking[field].values) expect(golden.map(ticket => ticket[field])).toContain(name)
})

test('tickets that were written after the rules are a set of their own, of every class', () => {
  const known = new Set(golden.map(({ body }) => body))
  expect(later.filter(({ body }) => known.has(body))).toEqual([])
  for (const field of fieldNames.filter(name => name !== 'department'))
    for (const { name } of issueTracking[field].values) expect(later.map(ticket => ticket[field])).toContain(name)
})

test('where no word speaks for a field, people are asked, and nothing is made up', () => {
  for (const ticket of later) {
    const { category, confidence, confidenceSource, reviewReason } = keywordLabel(issueTracking, ticket)
    if (category !== 'unlabelled') continue
    expect([confidence, confidenceSource]).toEqual([null, 'None'])
    expect(reviewReason).toMatch(/no keyword speaks for its category/)
  }
})

test('keywords do better than chance on tickets that they were not made with, and no figure is made up', async () => {
  const quality = await measured(half(true), question => keywordLabel(issueTracking, question))
  const accuracy = Object.fromEntries(quality.fields.map(each => [each.field, each.accuracy]))
  expect(accuracy.category).toBeGreaterThan(0.5)
  expect(accuracy.type).toBeGreaterThan(0.5)
  expect(accuracy.priority).toBeGreaterThan(0.3)
  expect(qualityText('keywords', quality)).toMatch(/category +accuracy +\d+ % +recall .*BACK \d+\/\d+/)
})

test('a labeller that gives no labels is counted as one that is wrong', async () => {
  const quality = await measured(half(false), () => Promise.reject(new Error('away')))
  expect([quality.failed, quality.fields[0]!.accuracy]).toEqual([32, 0])
})
