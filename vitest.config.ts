import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/runtime/**', 'test/cluster/**', '**/*.long.test.ts'],
    // Virtual time costs real work; on a busy machine more of it.
    testTimeout: 60_000,
    // One fewer than there are cores is the default: on two that is one.
    maxWorkers: '100%',
    // Nothing in the tests outlives its file; sharing the loaded modules saves half of the time.
    isolate: false,
    coverage: {
      include: ['lib/**/*.ts', 'events/**/*.ts'],
      exclude: ['test/**'],
      reporter: ['text', 'json-summary'],
      thresholds: { lines: 95 },
    },
  },
});
