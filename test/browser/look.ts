// Draws every view, light and dark, on a desk and on a phone: `npx tsx test/browser/look.ts FOLDER`.
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { serve } from '../../dashboards/api/index.ts'
import { launchOptions } from '../parts/chromium.ts'
import { settled } from './browser.ts'
import { openScene } from './scene.ts'

const folder = process.argv[2] ?? 'dashboards/screenshots'
const views = {
  overview: '/',
  tickets: '/tickets',
  ticket: '/tickets?ticket=240',
  labels: '/dashboards/franz-labels',
  pipeline: '/pipeline?service=etikett',
  'dead-letters': '/dead-letters',
  'dead-letter': '/dead-letters?letter=tickets-labeled-dlq-0-11',
  new: '/new',
} as const

mkdirSync(folder, { recursive: true })
const desk = await openScene()
const served = await serve(desk, { port: 0 })
const browser = await chromium.launch(launchOptions())
try {
  for (const [size, viewport] of Object.entries({
    desk: { width: 1440, height: 900 },
    phone: { width: 390, height: 844 },
  }))
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB', deviceScaleFactor: 1 })
      const page = await context.newPage()
      page.on('console', message => message.type() === 'error' && console.error(message.text()))
      page.on('pageerror', error => console.error(error))
      for (const [name, path] of Object.entries(views)) {
        if (process.argv[3] !== undefined && !`${name}-${size}-${colorScheme}`.includes(process.argv[3])) continue
        await page.goto(`${served.url}${path}`)
        await settled(page)
        await page.evaluate('document.fonts.ready.then(() => true)')
        await page.waitForTimeout(400)
        await page.screenshot({
          path: `${folder}/${name}-${size}-${colorScheme}.png`,
          fullPage: name === 'overview' || name === 'labels' || name === 'pipeline',
        })
      }
      await context.close()
    }
} finally {
  await browser.close()
  await served.close()
  await desk.close()
}
