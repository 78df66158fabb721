/** serverless.yml as the framework would hand it over, with an invented environment. */
import { parse } from 'yaml';
import type { Given } from '../../../deploy/check/service.ts';

export const PROJECT = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
export const topic = (name: string) => `urn:smn:cn-north-4:${PROJECT}:${name}`;
export const MOMENT = { deployedAt: '2026-01-31T03:00:00Z' };

/** What an operator has to set. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  HUAWEICLOUD_REGION: 'cn-north-4',
  HUAWEICLOUD_SDK_PROJECT_ID: PROJECT,
  ENCODE_RESTART_AGENCY: 'encode-restart',
  ENCODE_RESTART_CONFIG_AGENCY: 'encode-restart-config',
  ENCODE_RESTART_ALARM_TOPIC: topic('encode-alarms'),
  ENCODE_RESTART_REPORT_TOPIC: topic('encode-reports'),
  ENCODE_RESTART_PAGE_TOPIC: topic('encode-pages'),
  ENCODE_RESTART_APIG_GROUP: PROJECT,
};

type Tree = { [key: string]: Tree };

/** The YAML with `${env:NAME, env:OTHER, 'else'}` filled in. */
export function filledIn(text: string, environment: Readonly<Record<string, string>>): Tree {
  // The first source that has a value; a text in quotes always has.
  const known = text.replace(/\$\{(env:[^}]*)\}/g, (_, sources: string) => {
    const values = sources.split(', ').map((source) => {
      const [, name] = /^env:(\w+)$/.exec(source) ?? [];
      return name === undefined ? source.slice(1, -1) : environment[name];
    });
    return values.find((value) => value !== undefined) ?? '';
  });
  return parse(known) as Tree;
}

/** With the names that the framework gives functions. */
export function givenOf(tree: Tree, stage = 'dev'): Given {
  const service = String(tree['service']);
  const functions = Object.entries(tree['functions'] ?? {}).map(([key, one]) => [
    key,
    { name: `${service}-${stage}-${key}`, ...one },
  ]);
  return {
    service,
    stage,
    provider: tree['provider'],
    functions: Object.fromEntries(functions),
    custom: tree['custom'],
  };
}
