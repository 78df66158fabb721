/** The environment of an instance: what the runtime sets, and nothing of the user's (user guide, functiongraph_01_0154). */
import type { FunctionConfig } from './state.ts';

const RESPONSE_BYTES = 6_291_456;

export function environmentOf(about: {
  readonly config: FunctionConfig;
  /** Where the zip was unpacked; /opt/function/code on the platform. */
  readonly codeRoot: string;
  readonly projectId: string;
  readonly variables: Readonly<Record<string, string>>;
}): Record<string, string> {
  const { config, codeRoot, projectId, variables } = about;
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    RUNTIME_PROJECT_ID: projectId,
    RUNTIME_FUNC_NAME: config.func_name,
    RUNTIME_FUNC_VERSION: 'latest',
    RUNTIME_PACKAGE: config.package,
    RUNTIME_HANDLER: config.handler,
    RUNTIME_TIMEOUT: String(config.timeout),
    RUNTIME_USERDATA: JSON.stringify(variables),
    RUNTIME_CPU: String(Math.max(100, Math.round((config.memory_size / 128) * 100))),
    RUNTIME_MEMORY: String(config.memory_size),
    RUNTIME_MAX_RESP_BODY_SIZE: String(RESPONSE_BYTES),
    RUNTIME_INITIALIZER_HANDLER: config.initializer_handler ?? '',
    RUNTIME_INITIALIZER_TIMEOUT: String(config.initializer_timeout ?? ''),
    RUNTIME_ROOT: '/home/snuser/runtime',
    RUNTIME_CODE_ROOT: codeRoot,
    RUNTIME_LOG_DIR: '/home/snuser/log',
  };
}
