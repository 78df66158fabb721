/** Names that tell one thing from another must not be there twice. */
import { identityOf } from '../compose.ts';
import { type Problem, shown } from './problems.ts';
import type { Service, ServiceFunction } from './service.ts';

export function checkNames({ functions }: Service): readonly Problem[] {
  const taken = repeated(functions.map(({ config }) => config.name)).flatMap((at): Problem[] => {
    const one = functions[at];
    if (one === undefined) return [];
    const path = ['functions', one.key, 'name'];
    return [{ path, expected: 'a name that no other function has', got: shown(one.config.name) }];
  });
  return [...taken, ...functions.flatMap(checkTriggers)];
}

function checkTriggers({ key, triggers }: ServiceFunction): readonly Problem[] {
  const identities = triggers.map((trigger) => `${trigger.triggerTypeCode} ${identityOf(trigger)}`);
  return repeated(identities).map((at) => ({
    path: ['functions', key, 'events', at, 'eventData'],
    expected: 'a trigger of another name (or topic) than the ones before it',
    got: shown(identities[at]),
  }));
}

/** Places of what was there before. */
const repeated = (names: readonly string[]): readonly number[] =>
  [...names.keys()].filter((at) => names.indexOf(names[at] ?? '') < at);
