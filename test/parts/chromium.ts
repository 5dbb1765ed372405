import { chromiumPath } from './parts.ts'

// Debian's Chromium, driven by playwright-core: `chromium.launch(launchOptions())`.

/** Root needs `--no-sandbox`; a container's small /dev/shm needs the other. */
export const launchOptions = (): { readonly executablePath: string; readonly args: string[] } => {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error('there is no Chromium: run node test/install.mjs')
  return { executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] }
}
