/** The same single call as users of Huawei's SDK write it: its core client, with axios. What the others are measured by. */
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js';

interface Context {
  getProjectID(): string;
  getUserData(key: string): string;
  getSecurityAccessKey(): string;
  getSecuritySecretKey(): string;
}

export async function handler(_event: unknown, context: Context): Promise<unknown> {
  const { endpoints } = JSON.parse(context.getUserData('SETTINGS')) as { endpoints: { cph: string } };
  const credentials = new BasicCredentials()
    .withAk(context.getSecurityAccessKey())
    .withSk(context.getSecuritySecretKey())
    .withProjectId(context.getProjectID());
  const client = new HcClient(new DefaultHttpClient({}, [endpoints.cph]))
    .withEndpoints([endpoints.cph])
    .withCredential(credentials);
  return client.sendRequest({
    method: 'GET',
    url: '/v1/{project_id}/cloud-phone/encode-servers',
    contentType: 'application/json',
    queryParams: { limit: 100 },
    pathParams: { project_id: context.getProjectID() },
    headers: {},
  });
}
