/** A function as the answers of the management API show it. */
import { hexId } from '../model/ids.ts';
import type { Model } from '../model/state.ts';
import { type DeployedFunction, readVariables } from './state.ts';
import { latest } from './urn.ts';

/** Without its secrets: of encrypted variables the names are there. */
export function configBody(
  { projectId, region }: Pick<Model, 'projectId' | 'region'>,
  deployed: DeployedFunction,
): object {
  const { urn, config, code, maxInstances, lastModified } = deployed;
  const { encrypted_user_data: secrets, ...shown } = config;
  const veiled = Object.keys(readVariables(secrets)).map((name) => [name, '******']);
  return {
    ...shown,
    ...(secrets === undefined ? {} : { encrypted_user_data: JSON.stringify(Object.fromEntries(veiled)) }),
    func_urn: latest(urn),
    domain_id: hexId('domain'),
    namespace: projectId,
    project_name: region,
    cpu: Math.max(100, Math.round((config.memory_size / 128) * 100)),
    code_type: 'zip',
    code_filename: code.code_filename,
    code_size: code.code_size,
    digest: code.digest,
    version: 'latest',
    image_name: `latest-${code.digest.slice(0, 12)}`,
    last_modified: lastModified,
    strategy_config: { concurrency: maxInstances, concurrent_num: 1 },
    max_instance_num: String(maxInstances),
  };
}

export const codeBody = ({ urn, config, code, lastModified }: DeployedFunction): object => ({
  func_urn: latest(urn),
  func_name: config.func_name,
  domain_id: hexId('domain'),
  runtime: config.runtime,
  code_type: 'zip',
  code_filename: code.code_filename,
  code_size: code.code_size,
  digest: code.digest,
  last_modified: lastModified,
});
