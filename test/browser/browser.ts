import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { launchOptions } from '../parts/chromium.ts'

/** The page is built when it is older than its sources, as at `npm start`. */
export const buildPage = (): void => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('../../bin/page.mjs', import.meta.url))],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(`the page cannot be built: ${stderr}`)
}

const quiet = ['--disable-background-networking', '--disable-component-update']

export const openBrowser = (): Promise<Browser> => {
  const { executablePath, args } = launchOptions()
  return chromium.launch({ executablePath, args: [...args, ...quiet] })
}

/** A page, and what went wrong in it: errors of scripts, what the policy forbade, dialogs that opened. */
export interface Watched {
  readonly page: Page
  readonly troubles: string[]
  close(): Promise<void>
}

/** Until the view is there with its first answers. The page's policy lets nobody evaluate a text, not even a test. */
export const settled = async (page: Page): Promise<void> => {
  await page.locator('main h1').first().waitFor()
  await page.locator('[aria-busy]').first().waitFor({ state: 'detached' })
}

/** A machine that does much else takes its time. */
const patienceMs = 60_000

export const openPage = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 }, locale: 'en-GB', ...options })
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('pageerror', error => troubles.push(`error: ${error.message}`))
  page.on('console', message => {
    // That a server which is away does not answer is told by the browser itself.
    if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text()))
      troubles.push(message.text())
  })
  page.on('dialog', dialog => {
    troubles.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', request => {
    if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith('data:'))
      troubles.push(`asks elsewhere: ${request.url()}`)
  })
  await page.goto(url)
  return { page, troubles, close: () => context.close() }
}
