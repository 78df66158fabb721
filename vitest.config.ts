import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    exclude: ['test/runtime/**', 'test/cluster/**', '**/*.long.test.ts'],
    // A line a file: that virtual time takes real time is no news.
    slowTestThreshold: 30_000,
    // It takes more of it on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
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
