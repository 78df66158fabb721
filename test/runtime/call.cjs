/**
 * Runs one bundled function as FunctionGraph does: CommonJS, its context, an event; prints what it returned. `copies`
 * of the event come one after the other, `atOnce` at a time; one of each unless the input says more. What fails is
 * delivered again, `tries` times in all, as the platform can.
 */
const [, , bundle, input] = process.argv;
const { event, userData, credentials, projectId, copies = 1, atOnce = 1, tries = 1 } = JSON.parse(input);
const { handler } = require(bundle);

function contextOf(number) {
  const killedAt = Date.now() + 300_000;
  return {
    getRequestID: () => `request-${number}`,
    getRemainingTimeInMilliSeconds: () => killedAt - Date.now(),
    getProjectID: () => projectId,
    getFunctionName: () => 'alarm',
    getUserData: (key) => userData[key],
    getSecurityAccessKey: () => credentials.ak,
    getSecuritySecretKey: () => credentials.sk,
    getSecurityToken: () => credentials.securityToken,
  };
}

async function tried(number, left) {
  try {
    return await handler(event, contextOf(number));
  } catch (error) {
    if (left <= 1) throw error;
    process.stderr.write(`delivered again: ${error.message}\n`);
    return tried(number, left - 1);
  }
}

let delivered = 0;

async function deliver() {
  while (delivered < copies) {
    delivered += 1;
    const result = await tried(delivered, tries);
    process.stdout.write(`RESULT ${process.version} ${JSON.stringify(result)}\n`);
  }
}

Promise.all(Array.from({ length: atOnce }, deliver)).catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
