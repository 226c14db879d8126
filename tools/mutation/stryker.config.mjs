// Started by run.mjs, which says which mutants and which tests.
const scope = process.env.SIPPET_MUTATION

export default {
  mutate: JSON.parse(process.env.SIPPET_MUTANTS ?? '[]'),
  plugins: ['./tools/mutation/runner.mjs'],
  testRunner: 'in-process',
  coverageAnalysis: 'perTest',
  // No test of the core reads them.
  ignorePatterns: ['dist', 'site', 'bench', 'coverage', '.tsbuild', 'examples', 'docs'],
  tempDirName: '.stryker-tmp',
  concurrency: Number(process.env.SIPPET_JOBS ?? 2),
  timeoutMS: 20_000,
  incremental: true,
  incrementalFile: `reports/mutation-${scope}-incremental.json`,
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: `reports/mutation-${scope}.json` },
}
