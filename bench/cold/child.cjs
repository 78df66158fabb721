/** A cold start: loads one bundle, calls its handler, and says when, by the clock that all processes share. */
const [, , bundle, input] = process.argv;
const { event, userData, projectId } = JSON.parse(input);
const killedAt = Date.now() + 60_000;
const context = {
  getRequestID: () => 'request-1',
  getRemainingTimeInMilliSeconds: () => killedAt - Date.now(),
  getProjectID: () => projectId,
  getFunctionName: () => 'cold',
  getUserData: (key) => userData[key],
  getSecurityAccessKey: () => 'AK',
  getSecuritySecretKey: () => 'SK',
  getSecurityToken: () => 'TOKEN',
};
const say = (what, more) => process.stderr.write(`COLD ${what} ${process.hrtime.bigint()} ${more ?? ''}\n`);
// Whoever measures ends this process; should nobody, it ends by itself.
setTimeout(() => process.exit(1), 20_000);

const { handler } = require(bundle);
say('loaded');
handler(event, context).then(
  () => say('returned'),
  (error) => say('failed', String(error?.stack ?? error).replaceAll('\n', ' ')),
);
