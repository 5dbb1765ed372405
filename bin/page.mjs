// Builds the page of the dashboard where its sources are newer than what was built: what `npm start` and `npm test` do after installing.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../dashboards/ui/', import.meta.url))
const built = join(folder, 'built')
const sources = ['src', 'index.html', 'vite.config.ts', '../../package-lock.json'].map(name => join(folder, name))

const newestIn = path =>
  statSync(path).isDirectory()
    ? Math.max(0, ...readdirSync(path).map(name => newestIn(join(path, name))))
    : statSync(path).mtimeMs

/** Nothing to build from in an installed package, which brings the page with it. */
const isNeeded = () => {
  if (!existsSync(join(folder, 'index.html'))) return false
  const page = join(built, 'index.html')
  return !existsSync(page) || statSync(page).mtimeMs < Math.max(...sources.map(newestIn))
}

if (isNeeded()) {
  console.error('franz: building the page, once')
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
  // Beside its place first: whoever serves the page meanwhile serves the one before.
  const beside = `${built}.${process.pid}`
  const { status, stderr } = spawnSync(
    process.execPath,
    [vite, 'build', '--config', join(folder, 'vite.config.ts'), '--outDir', beside, '--logLevel', 'error'],
    // A test that has it built must not get React's slower build for developers.
    { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  )
  if (status !== 0) {
    rmSync(beside, { recursive: true, force: true })
    console.error(`franz: the page could not be built; the desk works without it.\n${stderr}`)
    process.exit(status ?? 1)
  }
  rmSync(built, { recursive: true, force: true })
  renameSync(beside, built)
}
