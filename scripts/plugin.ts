/** Builds the provider plugin as JavaScript, which is what the framework loads: deploy/dist/plugin.js, for Node.js 20.19. */
import { build } from 'esbuild';

await build({
  entryPoints: ['deploy/index.ts'],
  outfile: 'deploy/dist/plugin.js',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // They are beside it, in node_modules.
  packages: 'external',
  logLevel: 'warning',
});
