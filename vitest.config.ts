import { defineConfig } from 'vitest/config'

/** `fast` is what `npm run check` runs: no other process, no minute-long simulation. */
export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      { extends: true, test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: ['test/**/*.slow.test.ts'] } },
      { extends: true, test: { name: 'slow', include: ['test/**/*.slow.test.ts'], testTimeout: 600_000 } },
    ],
  },
})
