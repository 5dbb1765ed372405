import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Served, serve } from '../../dashboards/api/index.ts'
import { openWithinMs, TestDesk } from '../dashboards/desk.ts'
import { uuidOf } from '../dashboards/tables.ts'
import { buildPage, openBrowser, openPage, settled } from './browser.ts'
import { hostile } from './hostile.ts'
import { openScene } from './scene.ts'

const views = {
  overview: '/',
  tickets: '/tickets',
  'a ticket': '/tickets?ticket=20',
  labels: '/dashboards/franz-labels',
  operation: '/dashboards/franz-operation',
  pipeline: '/pipeline?service=etikett&failures=1',
  'dead letters': '/dead-letters',
  'a dead letter': '/dead-letters?letter=tickets-labeled-dlq-0-11',
  'a new ticket': '/new',
} as const

let browser: Browser
beforeAll(async () => {
  buildPage()
  browser = await openBrowser()
}, openWithinMs)
afterAll(() => browser.close())

describe('what everybody can use', () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  let desk: TestDesk
  let served: Served
  beforeAll(async () => {
    desk = await openScene({ tickets: 20 })
    served = await serve(desk, { port: 0 })
  }, openWithinMs)
  afterAll(async () => {
    await served.close()
    await desk.close()
  })

  interface Violation {
    readonly id: string
    readonly impact: string
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
  }

  test.each(['light', 'dark'] as const)('axe finds no serious issue in any view, %s', async colorScheme => {
    const { page, close } = await openPage(browser, served.url, { colorScheme, bypassCSP: true })
    const found: string[] = []
    for (const [name, path] of Object.entries(views)) {
      await page.goto(`${served.url}${path}`)
      await settled(page)
      // Colours are judged as they stay, not as they fade in.
      await page.evaluate(
        'Promise.allSettled(document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < 10_000).map(({ finished }) => finished))',
      )
      await page.evaluate(axe)
      const { violations } = (await page.evaluate('axe.run()')) as { violations: readonly Violation[] }
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(
            `${name}: ${id} ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`,
          )
    }
    expect(found).toEqual([])
    await close()
  })

  test('on a phone nothing is wider than the screen', async () => {
    const { page, close } = await openPage(browser, served.url, { viewport: { width: 390, height: 844 } })
    const wide: string[] = []
    for (const [name, path] of Object.entries(views)) {
      await page.goto(`${served.url}${path}`)
      await settled(page)
      const width = (await page.evaluate('document.documentElement.scrollWidth')) as number
      if (width > 390) wide.push(`${name}: ${width} pixels`)
    }
    expect(wide).toEqual([])
    await close()
  })
})

test('hostile texts in records are shown as texts, and none of them runs', async () => {
  expect(new Set(hostile).size).toBeGreaterThanOrEqual(200)
  const desk = await TestDesk.open()
  const texts = hostile.slice(-200)
  const date = new Date(Date.now() - 60_000).toISOString()
  for (const [at, text] of texts.entries()) {
    const id = at + 1
    await desk.database.insert({
      ...{ id, date, subject: text, body: text, contact: text, answer: text, model: text, prompt_version: text },
      ...{ review_reason: text, department: text },
      // What is drawn has few different values: each of these columns has one hostile text after another.
      ...{ category: texts[id % 10]!, origin: texts[(id % 10) + 10]!, type: texts[(id % 10) + 20]! },
      ...{ priority: texts[(id % 10) + 30]!, status: text, label_source: text, confidence_source: text },
    })
    desk.tell({ ticketId: uuidOf(id), at: date, event: text, details: { [text]: text, reason: text } })
    desk.deadLetter(id, {
      ...{ key: text, value: text, headers: [{ name: text, value: text }] },
      error: { message: text, exception: text, stack: text },
    })
  }
  const served = await serve(desk, { port: 0 })
  const { page, troubles, close } = await openPage(browser, served.url)
  await page.addInitScript('globalThis.runs = 0; globalThis.hacked = () => { globalThis.runs++ }')
  const visit = async (path: string) => {
    await page.goto(`${served.url}${path}`)
    await settled(page)
  }
  const paths = ['/', '/tickets', '/dashboards/franz-labels', '/dashboards/franz-operation', '/dead-letters']
  for (const path of paths) await visit(path)
  for (let page = 1; page <= 200; page += 13) paths.push(`/tickets?ticket=${page}`)
  for (const path of paths.slice(5)) await visit(path)
  await visit('/dead-letters?letter=tickets-labeled-dlq-0-200')
  expect(await page.locator('dialog h2').textContent()).toBe(texts[199])
  await visit('/tickets?sort=number')
  const shown = await page.locator('.at-snippet b').allTextContents()
  expect(shown).toEqual(texts.slice(0, 25))
  for (const cell of await page.locator('.at-snippet').all()) await cell.hover()
  await page.locator('a.number').first().click()
  await page.getByRole('dialog').waitFor()
  expect(await page.evaluate('globalThis.runs')).toBe(0)
  expect(
    await page.evaluate('document.querySelectorAll("main script, main iframe, main img, main object").length'),
  ).toBe(0)
  expect(troubles).toEqual([])
  await close()
  await served.close()
  await desk.close()
})
