import { defineConfig } from 'vitest/config';

/** The tests of the pure part of the engine. */
export default defineConfig({
  test: {
    include: ['test/lib/run/{decide,follow,follow.verify,plan,plan.waiting,rolling,target}.test.ts'],
    setupFiles: ['test/support/quick-only.ts'],
    isolate: false,
  },
});
