import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    isolate: false,
    reporters: ['default', './tools/closing-line.reporter.mjs'],
  },
})
