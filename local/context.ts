/** The `context` that FunctionGraph hands to a Node.js handler: its methods, and strings where it has strings. */
import { between, type Clock, type EpochMs, iso } from '../lib/time.ts';

export interface FunctionCredentials {
  readonly ak: string;
  readonly sk: string;
  /** The token of the agency's temporary credentials. */
  readonly securityToken?: string;
}

export interface FunctionLogger {
  debug(message: unknown): void;
  info(message: unknown): void;
  warn(message: unknown): void;
  error(message: unknown): void;
  setLevel(level: LogLevel): void;
}

type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

export interface FunctionContext {
  readonly requestID: string;
  readonly traceID: string;
  readonly invokeID: string;
  readonly functionName: string;
  readonly package: string;
  readonly projectID: string;
  readonly functionVersion: string;
  readonly memory: string;
  readonly cpu: string;
  readonly userData: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly startTime: number;
  readonly instanceID: string;
  readonly alias: string;
  readonly state: string;
  getRequestID(): string;
  getRemainingTimeInMilliSeconds(): number;
  getSecurityAccessKey(): string;
  getSecuritySecretKey(): string;
  getSecurityToken(): string;
  getAccessKey(): string;
  getSecretKey(): string;
  getToken(): string;
  getUserData(key: string): string | undefined;
  getFunctionName(): string;
  getVersion(): string;
  getPackage(): string;
  getAlias(): string;
  getMemorySize(): string;
  getCPUNumber(): string;
  getRunningTimeInSeconds(): number;
  getProjectID(): string;
  getWorkflowID(): string;
  getWorkflowRunID(): string;
  getWorkflowStateID(): string;
  getLogger(): FunctionLogger;
}

export interface ContextOptions {
  readonly requestId: string;
  readonly name: string;
  /** The platform's `package`; `default` unless it says otherwise. */
  readonly group?: string;
  readonly projectId: string;
  readonly userData: Readonly<Record<string, string>>;
  /** Absent: the function has no agency. */
  readonly credentials?: FunctionCredentials;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly startedAt: EpochMs;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: (line: string) => void;
}

export function createContext(options: ContextOptions): FunctionContext {
  const { requestId, name, projectId, credentials, timeoutMs, startedAt, clock } = options;
  const group = options.group ?? 'default';
  const userData = { ...options.userData };
  const memory = String(options.memoryMb);
  /** The platform gives millicores in proportion to the memory. */
  const cpu = String(Math.max(100, Math.round((options.memoryMb / 128) * 100)));
  const logger = createLogger(options);
  return {
    requestID: requestId,
    traceID: requestId,
    invokeID: '',
    functionName: name,
    package: group,
    projectID: projectId,
    functionVersion: 'latest',
    memory,
    cpu,
    userData,
    timeout: timeoutMs,
    startTime: startedAt,
    instanceID: 'local',
    alias: '',
    state: '',
    getRequestID: () => requestId,
    getRemainingTimeInMilliSeconds: () => timeoutMs - between(startedAt, clock.now()),
    getSecurityAccessKey: () => credentials?.ak ?? '',
    getSecuritySecretKey: () => credentials?.sk ?? '',
    getSecurityToken: () => credentials?.securityToken ?? '',
    // No longer maintained on the platform: they yield nothing.
    getAccessKey: () => '',
    getSecretKey: () => '',
    getToken: () => (credentials === undefined ? '' : 'local-iam-token'),
    getUserData: (key) => (Object.hasOwn(userData, key) ? userData[key] : undefined),
    getFunctionName: () => name,
    getVersion: () => 'latest',
    getPackage: () => group,
    getAlias: () => '',
    getMemorySize: () => memory,
    getCPUNumber: () => cpu,
    // Milliseconds, and the time limit, whatever its name says.
    getRunningTimeInSeconds: () => timeoutMs,
    getProjectID: () => projectId,
    getWorkflowID: () => '',
    getWorkflowRunID: () => '',
    getWorkflowStateID: () => '',
    getLogger: () => logger,
  };
}

function createLogger({ requestId, clock, log }: ContextOptions): FunctionLogger {
  let least: LogLevel = 'INFO';
  const writer = (level: LogLevel) => (message: unknown) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    log(`${iso(clock.now())} ${requestId} ${level} ${String(message)}`);
  };
  return {
    debug: writer('DEBUG'),
    info: writer('INFO'),
    warn: writer('WARN'),
    error: writer('ERROR'),
    setLevel(level) {
      least = level;
    },
  };
}
