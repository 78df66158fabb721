/** URNs of functions: `urn:fss:<region>:<project>:function:<package>:<name>[:<version> | :!<alias>]`. */
import type { Model } from '../model/state.ts';
import { Refused } from './refused.ts';

export const urnOf = ({ region, projectId }: Model, group: string, name: string): string =>
  `urn:fss:${region}:${projectId}:function:${group}:${name}`;

/** As answers and triggers name a function. */
export const latest = (urn: string): string => `${urn}:latest`;

export interface Named {
  readonly urn: string;
  /** Absent: the function as a whole. */
  readonly version?: 'latest';
}

/** @throws Refused when it is no URN, or names a version or an alias: there is only `latest` here */
export function readUrn(text: string): Named {
  const [, urn, version] =
    /^(urn:fss:[\w-]+:[\w-]+:function:[\w-]+:[\w-]+)(?::([\w.!-]+))?$/.exec(text) ?? [];
  if (urn === undefined) throw new Refused('FSS.1309', `expected urn:fss:…:function:<package>:<name>`);
  if (version === undefined) return { urn };
  if (version.startsWith('!')) throw new Refused('FSS.1053');
  if (version !== 'latest') throw new Refused('FSS.1052');
  return { urn, version };
}
