import { breaking } from './stryker.mjs';

export default breaking('engine', ['lib/run/{decide,follow,plan,rolling,sight,target,limits}.ts']);
