/** Runs one bundled function as FunctionGraph does: CommonJS, its context, an event; prints what it returned. */
const [, , bundle, input] = process.argv;
const { event, userData, credentials, projectId } = JSON.parse(input);
// A restart is called only if it could still be answered: on a busy machine eight cold starts take their time.
const killedAt = Date.now() + 300_000;
const context = {
  getRequestID: () => 'request-1',
  getRemainingTimeInMilliSeconds: () => killedAt - Date.now(),
  getProjectID: () => projectId,
  getFunctionName: () => 'alarm',
  getUserData: (key) => userData[key],
  getSecurityAccessKey: () => credentials.ak,
  getSecuritySecretKey: () => credentials.sk,
  getSecurityToken: () => credentials.securityToken,
};

require(bundle)
  .handler(event, context)
  .then((result) => process.stdout.write(`RESULT ${process.version} ${JSON.stringify(result)}\n`))
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
