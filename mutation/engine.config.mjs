import { breaking } from './stryker.mjs';

// Not limits.ts: figures, most of them used elsewhere; here they count where they are used.
export default breaking('engine', ['lib/run/{decide,follow,plan,rolling,sight,target}.ts']);
