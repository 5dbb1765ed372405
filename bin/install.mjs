// Installs the packages where they are missing or older than the lock file: what `npm start` and `npm test` do first.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
const installed = `${folder}node_modules/.package-lock.json`

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(`${folder}package-lock.json`).mtimeMs) {
  console.error('franz: installing packages, once; half a minute where none is cached')
  const startedMs = performance.now()
  // Its own progress on a terminal, its errors everywhere, and none of what it warns packages of packages about.
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) {
    console.error(
      'franz: npm could not install the packages; what it says above tells why. Then run the same command again.',
    )
    process.exit(status ?? 1)
  }
  console.error(`franz: packages installed in ${Math.round((performance.now() - startedMs) / 1_000)} s`)
}
