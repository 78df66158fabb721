/** What serverless.yml says of the functions, so that the local host runs them as the cloud would. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface FunctionLimits {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

interface Deployment {
  readonly provider: { readonly memorySize: number };
  readonly functions: Readonly<Record<string, { readonly timeout: number; readonly memorySize?: number }>>;
}

let read: Deployment | undefined;

/** Reading it takes longer than most invocations. */
function deployment(): Deployment {
  read ??= parse(readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8')) as Deployment;
  return read;
}

/** @throws Error when serverless.yml has no such function */
export function limitsOf(name: string): FunctionLimits {
  const { provider, functions } = deployment();
  const described = functions[name];
  if (described === undefined) throw new Error(`serverless.yml: expected a function ${name}, got none`);
  return { timeoutSeconds: described.timeout, memoryMb: described.memorySize ?? provider.memorySize };
}
