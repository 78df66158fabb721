/** Reads what the framework made of serverless.yml, or says in one line for each mistake what is wrong with it. */
import { parse } from 'yaml';
import type { Moment } from '../compose.ts';
import { Failure } from '../failure.ts';
import { NOTHING, type Problem, placeOf, valueAt } from './problems.ts';
import { checkService, type Given, type Service } from './service.ts';
import { checkWhole } from './whole.ts';

/** Long enough to be weighed, before there is a real one. */
const SOME_MOMENT: Moment = { deployedAt: '2026-01-31T03:00:00Z' };

/**
 * @param text serverless.yml as it is written: from it a message names the variable that was left open
 * @throws Failure with a line for every mistake
 */
export function readService(given: Given, text: string): Service {
  const read = checkService(given);
  const problems = 'problems' in read ? read.problems : checkWhole(read.value, SOME_MOMENT);
  if ('value' in read && problems.length === 0) return read.value;
  throw new Failure('INVALID_CONFIGURATION', ['serverless.yml:', ...linesOf(problems, text)].join('\n'));
}

/** `functions.alarm.memorySize: expected one of 128, …, got 300`, each once. */
export function linesOf(problems: readonly Problem[], text: string): readonly string[] {
  const written = asWritten(text);
  const lines = problems.map(({ path, expected, got }) => {
    const variable = got === NOTHING ? variableIn(valueAt(written, path)) : undefined;
    const hint = variable === undefined ? '' : `: set the environment variable ${variable}`;
    return `  ${placeOf(path)}: expected ${expected}, got ${got}${hint}`;
  });
  return [...new Set(lines)];
}

/** NAME of `${env:NAME}` and of `${env:NAME, ''}`. */
const variableIn = (value: unknown): string | undefined =>
  typeof value === 'string' ? /\$\{env:([A-Za-z_]\w*)/.exec(value)?.[1] : undefined;

/** Hints are made from YAML alone; of serverless.ts and the like there are none. */
function asWritten(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
