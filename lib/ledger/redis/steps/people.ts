/** What people say: pause, resume, exclude, include. The last word counts. */
import { script } from '../script.ts';

export const pause = script(
  [],
  /* lua */ `
call('HSET', M, 'paused', arg(), 'pause', arg())
return 1
`,
);

/** What was paused, or nothing. */
export const resume = script(
  [],
  /* lua */ `
local pause = call('HGET', M, 'pause')
call('HDEL', M, 'paused', 'pause')
return pause
`,
);

export const exclude = script(
  [],
  /* lua */ `
call('HSET', P .. 'x', arg(), arg())
return 1
`,
);

/** Whether it was excluded. */
export const include = script(
  [],
  /* lua */ `
return call('HDEL', P .. 'x', arg())
`,
);
