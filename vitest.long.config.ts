import { defineConfig } from 'vitest/config';

/** What takes long: command lines, deployments, hosts of zips, the crash table, the largest fleets. */
export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    slowTestThreshold: 30_000,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: '100%',
    isolate: false,
  },
});
