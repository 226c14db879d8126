// Mutation of the machines and the layer, by the tests that hold them to the conformance table. Long; not part of any check:
//   npx stryker run tools/stryker.config.mjs            all tests of the core
//   ROWS=1 npx stryker run tools/stryker.config.mjs     the tests of the rows alone
const rows = process.env.ROWS === '1'

export default {
  mutate: ['src/core/transaction/*.ts', 'src/core/layer/*.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.config.ts', related: !rows },
  ...(rows ? { testFiles: ['test/conformance/**/*.test.ts', 'test/core/layer/**/*.test.ts'] } : {}),
  coverageAnalysis: 'perTest',
  concurrency: 2,
  incremental: true,
  incrementalFile: 'reports/stryker-incremental.json',
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: 'reports/mutation.json' },
  thresholds: { high: 92, low: 85, break: null },
}
