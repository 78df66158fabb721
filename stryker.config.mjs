/** `npm run mutation`: breaks what decides, a little at a time, and looks whether a test notices. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts' },
  mutate: ['lib/guards/*.ts', 'lib/run/{decide,follow,plan,rolling,sight,target,limits}.ts'],
  ignorePatterns: ['dist', 'docs', 'test/runtime/node_modules'],
  // Stryker would rewrite tsconfig.json with a function that TypeScript 7 does not have; nothing in it has to be.
  tsconfigFile: 'none',
  coverageAnalysis: 'perTest',
  timeoutMS: 500,
  timeoutFactor: 3,
  concurrency: 2,
  incremental: true,
  incrementalFile: 'reports/mutation.json',
  reporters: ['progress-append-only', 'clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
};
