import { defineConfig } from 'vitest/config';

/** The tests of the guards alone: each has to be watched by its own. */
export default defineConfig({
  test: {
    include: ['test/lib/guards/*.test.ts'],
    setupFiles: ['test/support/quick-only.ts'],
    isolate: false,
  },
});
