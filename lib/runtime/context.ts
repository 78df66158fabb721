/** FunctionGraph's context, read once into plain values; nothing else in lib knows its methods. */
import type { Credentials } from '../huawei/sign.ts';
import { after, type EpochMs, milliseconds } from '../time.ts';

/** The methods used of the platform's context (FunctionGraph developer guide, Node.js context). Names and types are the platform's. */
export interface FunctionGraphContext {
  getRequestID(): string;
  getRemainingTimeInMilliSeconds(): number;
  getProjectID(): string;
  getFunctionName(): string;
  /** An environment variable of the function, encrypted ones included; there is no other way to read them. */
  getUserData(key: string): string | undefined;
  /** Temporary credentials of the function's agency; empty without one. */
  getSecurityAccessKey(): string;
  getSecuritySecretKey(): string;
  getSecurityToken(): string;
}

export interface Invocation {
  readonly requestId: string;
  readonly functionName: string;
  readonly projectId: string;
  /** When the platform kills this invocation. */
  readonly killedAt: EpochMs;
  readonly variable: (name: string) => string | undefined;
  readonly credentials: () => Credentials;
}

/** A function that lacks what it needs; the message says what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code = 'CONFIGURATION';
}

/** @throws ConfigurationError when the function has no agency */
export function readContext(context: FunctionGraphContext, now: EpochMs): Invocation {
  return {
    requestId: context.getRequestID(),
    functionName: context.getFunctionName(),
    projectId: context.getProjectID(),
    killedAt: after(now, milliseconds(context.getRemainingTimeInMilliSeconds())),
    variable: (name) => context.getUserData(name) || undefined,
    credentials() {
      const accessKey = context.getSecurityAccessKey();
      const secretKey = context.getSecuritySecretKey();
      if (!accessKey || !secretKey) {
        throw new ConfigurationError(
          `function ${context.getFunctionName()}: expected temporary credentials, got none. Give it an agency that may use CPH and SMN; a new agency takes about ten minutes to work.`,
        );
      }
      const securityToken = context.getSecurityToken();
      return { accessKey, secretKey, ...(securityToken ? { securityToken } : {}) };
    },
  };
}
