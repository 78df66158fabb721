/** What is sent when a function is created or its configuration is updated: the full set, as the API wants it. Pure. */
import type { Wanted } from '../compose.ts';
import { type DeploymentRecord, RECORD } from '../plan/record.ts';
import type { DeployedConfig } from './deployed.ts';
import { codeOf } from './management.ts';

/** The part that creating and updating share. */
function configBody({ name, config }: Wanted, record: DeploymentRecord): Readonly<Record<string, unknown>> {
  const { vpc_id, subnet_id } = config;
  return {
    func_name: name,
    runtime: config.runtime,
    handler: config.handler,
    memory_size: config.memory_size,
    timeout: config.timeout,
    description: config.description,
    user_data: JSON.stringify({ ...config.variables, [RECORD]: JSON.stringify(record) }),
    app_xrole: config.app_xrole,
    ...(config.xrole === '' ? {} : { xrole: config.xrole }),
    ...(vpc_id === '' ? {} : { func_vpc: { vpc_id, subnet_id } }),
  };
}

const encryptedOf = ({ config }: Wanted) => JSON.stringify(config.encrypted);
const hasEncrypted = ({ config }: Wanted) => Object.keys(config.encrypted).length > 0;

export const createBody = (
  wanted: Wanted,
  record: DeploymentRecord,
  zip: Uint8Array,
): Readonly<Record<string, unknown>> => ({
  ...configBody(wanted, record),
  ...(hasEncrypted(wanted) ? { encrypted_user_data: encryptedOf(wanted) } : {}),
  package: 'default',
  type: 'v2',
  ...codeOf(zip),
});

/** @param is absent when the function was created just now */
export function updateBody(
  wanted: Wanted,
  record: DeploymentRecord,
  is: DeployedConfig | undefined,
): Readonly<Record<string, unknown>> {
  const instances = wanted.config.max_instances ?? is?.max_instances;
  // To take away what is there it has to be said; where nothing is, nothing need be.
  const isToBeCleared = is !== undefined && (is.encrypted === undefined || is.encrypted.length > 0);
  return {
    ...is?.kept,
    ...configBody(wanted, record),
    ...(hasEncrypted(wanted) || isToBeCleared ? { encrypted_user_data: encryptedOf(wanted) } : {}),
    // One request at a time: more is for HTTP functions alone.
    ...(instances === undefined ? {} : { strategy_config: { concurrency: instances, concurrent_num: 1 } }),
  };
}
