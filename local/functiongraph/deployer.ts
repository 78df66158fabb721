/** What the plugin and serverless.yml read from the environment, so that they deploy onto a local cloud. */
import { topicUrn } from '../model/index.ts';
import { type LocalCloud, PERSON } from './open.ts';
import { TOPICS } from './options.ts';

export const deployerVariables = ({ cloud, model }: LocalCloud): Readonly<Record<string, string>> => ({
  HUAWEICLOUD_SDK_AK: PERSON.ak,
  HUAWEICLOUD_SDK_SK: PERSON.sk,
  HUAWEICLOUD_SDK_PROJECT_ID: model.projectId,
  HUAWEICLOUD_REGION: model.region,
  HUAWEICLOUD_FUNCTIONGRAPH_ENDPOINT: cloud.url,
  HUAWEICLOUD_SMN_ENDPOINT: cloud.url,
  HUAWEICLOUD_CPH_ENDPOINT: cloud.url,
  ENCODE_RESTART_AGENCY: 'local-agency',
  ENCODE_RESTART_CONFIG_AGENCY: 'local-agency',
  ENCODE_RESTART_ALARM_TOPIC: topicUrn(model, TOPICS.alarms),
  ENCODE_RESTART_REPORT_TOPIC: topicUrn(model, TOPICS.reports),
  ENCODE_RESTART_PAGE_TOPIC: topicUrn(model, TOPICS.pages),
  ENCODE_RESTART_APIG_GROUP: 'local-group',
});
