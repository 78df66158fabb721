/** FunctionGraph and SMN of the region and project that serverless.yml names, for as long as a command takes. */

import { createClient } from '../lib/huawei/client.ts';
import { type EndpointOverrides, endpointOf, type Service as Platform } from '../lib/huawei/endpoints.ts';
import { HuaweiError } from '../lib/huawei/errors.ts';
import { undiciTransport } from '../lib/huawei/transport.ts';
import { silentLog } from '../lib/runtime/log.ts';
import { systemClock } from '../lib/time.ts';
import type { Service } from './check/service.ts';
import { createManagement, type Management, PATIENCE } from './cloud/management.ts';
import { createTopics, type Topics } from './cloud/topics.ts';
import { type Environment, readCredentials } from './credentials.ts';
import { Failure } from './failure.ts';

/** @throws Failure where a call of `work` failed and nothing better was said of it */
export async function withManagement<Result>(
  service: Service,
  { environment, folder }: { readonly environment: Environment; readonly folder: string },
  work: (management: Management, topics: Topics) => Promise<Result>,
): Promise<Result> {
  const { provider, settings } = service;
  const credentials = await readCredentials(environment, provider.credentials, folder);
  const transport = undiciTransport(PATIENCE);
  const clientOf = (platform: Platform) =>
    createClient({
      service: platform,
      endpoint: endpointOf(platform, provider.region, (settings['endpoints'] ?? {}) as EndpointOverrides),
      projectId: provider.projectId,
      credentials: () => credentials,
      transport,
      clock: systemClock,
      log: silentLog,
    });
  try {
    return await work(createManagement(clientOf('functiongraph')), createTopics(clientOf('smn')));
  } catch (error) {
    if (!(error instanceof HuaweiError)) throw error;
    const todo =
      error.kind === 'not_authorised'
        ? '\nSee to HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK (or provider.credentials), and to deploy/policies/deployer.json.'
        : '';
    throw new Failure('CALL_FAILED', `${error.message}${todo}`, { cause: error });
  } finally {
    await transport.close();
  }
}
