/** What both halves of `npm run mutation` have in common: breaks code a little at a time, and looks whether a test notices. */
export const breaking = (half, mutate) => ({
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: `mutation/${half}.vitest.config.ts` },
  mutate,
  ignorePatterns: ['dist', 'docs', 'test/runtime/node_modules'],
  // Stryker would rewrite tsconfig.json with a function that TypeScript 7 does not have; nothing in it has to be.
  tsconfigFile: 'none',
  coverageAnalysis: 'perTest',
  // An endless loop is told by how often it comes round. A time that a busy machine exceeds would count as noticed.
  timeoutMS: 20_000,
  concurrency: 2,
  incremental: true,
  incrementalFile: `reports/mutation-${half}.json`,
  reporters: ['progress-append-only', 'clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
});
