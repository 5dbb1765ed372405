import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** `fast` is what `npm run check` runs: no other process, no minute-long simulation. */
export default defineConfig({
  resolve: {
    // The package's own name means its sources here, so that one test never meets two copies of the library.
    alias: [
      { find: /^franz$/, replacement: source('topology/index.ts') },
      { find: 'franz/desk', replacement: source('schemas/desk/topics.ts') },
      { find: 'franz/testing', replacement: source('topology/testing.ts') },
    ],
  },
  test: {
    pool: 'forks',
    // One file at a time: many start processes of their own, and judge them by the clock.
    maxWorkers: 1,
    // Real parts that test files share start when the first one asks, and stop at the end.
    globalSetup: ['test/parts/session.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.slow.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'slow', include: ['test/**/*.slow.test.ts'], testTimeout: 600_000, hookTimeout: 120_000 },
      },
    ],
  },
})
