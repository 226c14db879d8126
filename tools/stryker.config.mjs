// Mutation of the machines and the layer. `node tools/mutate.mjs` starts it, and says how.
const scope = process.env.SIPPET_MUTATION

export default {
  mutate: JSON.parse(process.env.SIPPET_MUTANTS ?? '["src/core/transaction/*.ts", "src/core/layer/*.ts"]'),
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutation.vitest.config.mjs', related: false },
  coverageAnalysis: 'perTest',
  // Site, reports, measurements: no test of the core reads them.
  ignorePatterns: ['dist', 'site', 'bench', 'coverage', '.tsbuild', 'examples'],
  tempDirName: '.stryker-tmp',
  timeoutMS: 20_000,
  incremental: true,
  incrementalFile: `reports/mutation-${scope}-incremental.json`,
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `reports/mutation-${scope}.json` },
}
