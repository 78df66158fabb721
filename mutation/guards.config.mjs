import { breaking } from './stryker.mjs';

export default breaking('guards', ['lib/guards/*.ts']);
