import { defineConfig } from 'vitest/config';

/** What `npm run mutation` plays for every mutant: the quick tests of what decides. */
export default defineConfig({
  test: {
    include: [
      'test/lib/guards/*.test.ts',
      'test/lib/run/{decide,follow,follow.verify,plan,plan.waiting,rolling}.test.ts',
    ],
    setupFiles: ['test/support/quick-only.ts'],
    isolate: false,
  },
});
