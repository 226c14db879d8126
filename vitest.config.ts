import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(`src/${path}/index.ts`, import.meta.url))

export default defineConfig({
  resolve: {
    // Documents and examples import the package by its name; here that means the source.
    alias: [
      { find: /^sippet$/, replacement: source('core') },
      { find: /^sippet\/node$/, replacement: source('shell/node') },
      { find: /^sippet\/browser$/, replacement: source('shell/browser') },
      { find: /^sippet\/testing$/, replacement: source('testing') },
      { find: /^sippet\/testing\/fast-check$/, replacement: source('testing/fast-check') },
    ],
  },
  test: {
    name: 'node',
    include: ['test/**/*.test.ts'],
    // Files share a module graph: tests keep no state in modules, and the run takes a third of the time.
    pool: 'threads',
    isolate: false,
    // No test waits; this is for machines that are busy with something else.
    testTimeout: 30_000,
    reporters: ['default', './tools/closing-line.reporter.mjs'],
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'] },
  },
})
