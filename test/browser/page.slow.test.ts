import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newToken, type Served, serve } from '../../dashboards/api/index.ts'
import { openWithinMs, type TestDesk } from '../dashboards/desk.ts'
import { buildPage, openBrowser, openPage } from './browser.ts'
import { openScene } from './scene.ts'

const dashboards = fileURLToPath(new URL('../../dashboards/grafana/generated', import.meta.url))
const tickets = 60

let browser: Browser
let desk: TestDesk
let served: Served

beforeAll(async () => {
  buildPage()
  browser = await openBrowser()
}, openWithinMs)
beforeEach(async () => {
  desk = await openScene({ tickets })
  desk.isAtWork = true
  served = await serve(desk, { port: 0 })
  return async () => {
    await served.close()
    await desk.close()
  }
}, openWithinMs)
afterAll(() => browser.close())

const figure = '.panel.stat .figure'

test('a ticket that is filed in the form appears in the figures and the table without a reload', async () => {
  const { page, troubles, close } = await openPage(browser, served.url)
  const other = await openPage(browser, `${served.url}/new`)
  await page.locator(figure).first().getByText(String(tickets), { exact: true }).waitFor()
  await page.locator('.live.live').waitFor()
  const form = other.page
  await form.getByRole('button', { name: 'File ticket' }).click()
  expect(await form.getByText('This must be filled in.').count()).toBe(3)
  await form.getByLabel('Subject').fill('The printer is on fire')
  await form.getByLabel('What is the matter?').fill('There is smoke on the second floor.')
  await form.getByLabel('Your name').fill('Ada')
  await form.getByRole('button', { name: 'File ticket' }).dblclick()
  await form.getByText('It is in the log, and cannot be lost.').waitFor()
  expect(desk.tickets).toHaveLength(1)

  await page
    .locator(figure)
    .first()
    .getByText(String(tickets + 1), { exact: true })
    .waitFor()
  await page.locator('tr', { hasText: 'The printer is on fire' }).waitFor()
  await page.getByRole('button', { name: 'Platforms: Show as table' }).click()
  await page.locator('.panel', { hasText: 'Platforms' }).getByRole('cell', { name: 'API' }).waitFor()
  expect([...troubles, ...other.troubles]).toEqual([])
  await close()
  await other.close()
})

test('where the stream of events cannot be had, the page asks by the clock', async () => {
  const { page, close } = await openPage(browser, `${served.url}/docs/json`)
  await page.route('**/api/events', route => route.abort())
  await page.evaluate("localStorage.setItem('franz-refresh', '1000')")
  await page.goto(`${served.url}/tickets`)
  await page.locator('.live.polling').waitFor()
  await desk.database.insert({ id: 500, subject: 'Told by nobody', date: new Date().toISOString() })
  await page.getByText('Told by nobody').waitFor()
  await close()
})

test('the list is searched, filtered and sorted, and walked through page by page', async () => {
  const { page, troubles, close } = await openPage(browser, `${served.url}/tickets`)
  await page.getByText(`Showing 1–25 of ${tickets}`).waitFor()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText(`Showing 26–50 of ${tickets}`).waitFor()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText(`Showing 51–60 of ${tickets}`).waitFor()
  expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Previous' }).click()
  await page.getByText(`Showing 26–50 of ${tickets}`).waitFor()

  await page.getByLabel('Platform').selectOption('Discord')
  await page.getByText(/Showing 1–\d+ of (?!60)/).waitFor()
  expect(new URL(page.url()).searchParams.get('origin')).toBe('Discord')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByLabel('Search').fill('#7')
  await page.getByText('Showing 1–1 of 1').waitFor()
  await page.getByLabel('Search').fill('nothing like this')
  await page.getByText('No ticket matches these filters.').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('button', { name: 'No.' }).click()
  await page.locator('tbody tr').first().getByText('#60').waitFor()
  await page.getByRole('button', { name: /No\./ }).click()
  await page.locator('tbody tr').first().getByText('#1', { exact: true }).waitFor()
  expect(troubles).toEqual([])
  await close()
})

test('a ticket opens by the keyboard, tells its story, and gives the focus back', async () => {
  const { page, troubles, close } = await openPage(browser, `${served.url}/tickets`)
  await page.getByRole('link', { name: 'Open ticket 59' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Where the labels come from').waitFor()
  await dialog.getByText('llama3.1:8b').waitFor()
  expect(await dialog.locator('.story li b').allTextContents()).toEqual(['Created', 'Labelled', 'Exported'])
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe('Open ticket 59')
  await page.keyboard.press('ArrowDown')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('#58')
  expect(troubles).toEqual([])
  await close()
})

test('colours and language are chosen, and kept', async () => {
  const { page, close } = await openPage(browser, served.url, { colorScheme: 'light' })
  const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
  const light = await ground()
  await page.getByRole('button', { name: 'Colours: Dark' }).click()
  expect(await ground()).not.toBe(light)
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await page.reload()
  await page.getByRole('heading', { name: 'Überblick' }).waitFor()
  await page.getByText('Tickets nach Plattform').waitFor()
  expect(await page.evaluate('document.documentElement.lang')).toBe('de')
  expect(await ground()).not.toBe(light)
  await close()
})

test('dead letters say why, and are sent again edited, as they were, and several at once', async () => {
  const { page, troubles, close } = await openPage(browser, `${served.url}/dead-letters`)
  await page.getByRole('button', { name: 'the body is shorter than 10 characters' }).first().click()
  const dialog = page.getByRole('dialog')
  const value = dialog.getByLabel('Value')
  await value.fill('no longer JSON')
  await dialog.getByRole('button', { name: 'Send edited' }).click()
  await dialog.getByText('is no JSON object').waitFor()
  await value.fill('{"body":"help, my screen is black"}')
  await dialog.getByRole('button', { name: 'Send edited' }).click()
  await dialog.getByText('Sent to tickets-formatted.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByLabel('Choose tickets-labeled-dlq-0-11').check()
  await page.getByLabel('Choose tickets-formatted-dlq-0-12').check()
  await page.getByRole('button', { name: 'Send 2 again' }).click()
  await page.getByText('2 sent again.').waitFor()
  expect(desk.redriven).toEqual([
    { id: 'tickets-labeled-dlq-0-13', value: '{"body":"help, my screen is black"}' },
    { id: 'tickets-labeled-dlq-0-11', value: undefined },
    { id: 'tickets-formatted-dlq-0-12', value: undefined },
  ])
  await page.getByLabel('Topic').selectOption('tickets-formatted-dlq')
  await page.getByRole('button', { name: 'the value is neither' }).waitFor()
  await page.locator('tbody tr').nth(1).waitFor({ state: 'detached' })
  expect(await page.locator('tbody tr').count()).toBe(1)
  expect(troubles).toEqual([])
  await close()
})

test('the pipeline is drawn from what runs, and its figures follow', async () => {
  const { page, troubles, close } = await openPage(browser, `${served.url}/pipeline`)
  const etikett = page.getByRole('button', { name: 'etikett' })
  await etikett.waitFor()
  await page.getByText('37 waiting').waitFor()
  desk.flowing = {
    ...desk.flowing,
    readers: desk.flowing.readers.map(reader => ({ ...reader, lag: reader.group === 'etikett' ? 8_123 : 0 })),
  }
  desk.tell({ ticketId: 'x', at: new Date().toISOString(), event: 'created', details: {} })
  await page.getByText('8.1K waiting').waitFor()
  await etikett.press('Enter')
  await page.getByRole('heading', { name: 'Steps of etikett' }).waitFor()
  await page.locator('.steps').getByText('Calls label (4)').waitFor()
  await page.getByLabel('Ways of failures').check()
  await page.locator('.box.dead').first().waitFor()
  expect(troubles).toEqual([])
  await close()
})

/** Not one that the system hands to whoever asks for a free port meanwhile. */
const ownPort = 20_000 + (process.pid % 10_000)

test('while the server is away the page says so and keeps what it has; when it is back, all is well by itself', async () => {
  const first = await serve(desk, { port: ownPort })
  const { page, close } = await openPage(browser, first.url)
  await page.locator(figure).first().getByText(String(tickets), { exact: true }).waitFor()
  await page.locator('.live.live').waitFor()
  await first.close()
  await page.getByRole('alert').getByText('The server does not answer.').first().waitFor()
  expect(await page.locator(figure).first().textContent()).toBe(String(tickets))
  await desk.database.insert({ id: 900, subject: 'Meanwhile', date: new Date().toISOString() })
  const second = await serve(desk, { port: ownPort })
  await page.getByText('Meanwhile').first().waitFor()
  await page.locator('.live.live').waitFor()
  expect(await page.getByText('The server does not answer.').count()).toBe(0)
  await close()
  await second.close()
})

test('while the database is away the page shows what it had, and says that it is old', async () => {
  const { page, close } = await openPage(browser, `${served.url}/tickets`)
  await page.getByText(`Showing 1–25 of ${tickets}`).waitFor()
  desk.database.isAway = true
  await page.getByRole('button', { name: 'Refresh now' }).click()
  await page.getByText('Older data: The database cannot be reached.').waitFor()
  await page.getByText(`Showing 1–25 of ${tickets}`).waitFor()
  desk.database.isAway = false
  await page.getByRole('button', { name: 'Refresh now' }).click()
  await page.getByText('Older data').waitFor({ state: 'detached' })
  await close()
})

test('the page draws the JSON: another SQL is another number, and a panel that is deleted is gone', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'franz-dashboards-'))
  cpSync(dashboards, copy, { recursive: true })
  const file = join(copy, '1-desk.json')
  const board = JSON.parse(readFileSync(file, 'utf8')) as {
    panels: { title: string; targets: { rawSql: string }[] }[]
  }
  const own = await serve(desk, { port: 0, dashboards: copy })
  const { page, close } = await openPage(browser, own.url)
  await page.locator(figure).first().getByText(String(tickets), { exact: true }).waitFor()
  await page.getByRole('heading', { name: 'Categories' }).waitFor()
  board.panels[0]!.targets[0]!.rawSql = 'SELECT count(*) * 1000 AS value FROM tickets'
  board.panels = board.panels.filter(({ title }) => title !== 'Categories')
  writeFileSync(file, JSON.stringify(board))
  await page.getByRole('button', { name: 'Refresh now' }).click()
  await page.locator(figure).first().getByText('60,000', { exact: true }).waitFor()
  await page.getByRole('heading', { name: 'Categories' }).waitFor({ state: 'detached' })
  await close()
  await own.close()
})

test('a desk with tokens asks for one, and lets nobody do more than theirs allows', async () => {
  const reader = newToken('reader', 'read')
  const own = await serve(desk, { port: 0, tokens: () => [reader.kept] })
  const { page, troubles, close } = await openPage(browser, own.url)
  await page.getByLabel('Token').fill('nonsense')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('This token is not known.').waitFor()
  await page.getByLabel('Token').fill(reader.token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator(figure).first().getByText(String(tickets), { exact: true }).waitFor()
  await page.getByRole('link', { name: 'New ticket' }).click()
  await page.getByText('Your token does not allow this.').waitFor()
  expect(await page.getByRole('button', { name: 'File ticket' }).isDisabled()).toBe(true)
  expect(page.url()).not.toContain(reader.token)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Token').waitFor()
  expect(troubles).toEqual([])
  await close()
  await own.close()
})
