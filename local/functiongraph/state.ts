/** What is deployed: functions with their code, triggers and asynchronous settings. Names are the platform's. */

/** The configuration as it was given; what the local cloud does not play is kept and shown all the same. */
export interface FunctionConfig {
  readonly func_name: string;
  readonly package: string;
  readonly runtime: string;
  /** Seconds. */
  readonly timeout: number;
  /** `<file>.<function>`. */
  readonly handler: string;
  /** MB. */
  readonly memory_size: number;
  /** A JSON text, names to values. */
  readonly user_data?: string;
  /** Likewise; never shown. */
  readonly encrypted_user_data?: string;
  /** The agency of the configuration: asynchronous destinations, and the code if there is no other. */
  readonly xrole?: string;
  /** The agency of the code. */
  readonly app_xrole?: string;
  readonly initializer_handler?: string;
  /** Seconds. */
  readonly initializer_timeout?: number;
  readonly [other: string]: unknown;
}

export interface DeployedCode {
  readonly code_filename: string;
  /** The zip in base64. */
  readonly file: string;
  readonly code_size: number;
  /** SHA-512 of the zip in hex. */
  readonly digest: string;
}

export type TriggerStatus = 'ACTIVE' | 'DISABLED';

export interface Trigger {
  readonly trigger_id: string;
  readonly trigger_type_code: string;
  readonly trigger_status: TriggerStatus;
  readonly event_data: Readonly<Record<string, unknown>>;
  readonly last_updated_time: string;
  readonly created_time: string;
}

export interface Destination {
  readonly destination: string;
  /** A JSON text. */
  readonly param: string;
}

export interface AsyncConfig {
  readonly max_async_retry_attempts: number;
  readonly max_async_event_age_in_seconds: number;
  readonly destination_config?: { readonly on_success?: Destination; readonly on_failure?: Destination };
  readonly enable_async_status_log?: boolean;
  readonly created_time: string;
  readonly last_modified: string;
}

export interface DeployedFunction {
  /** Without a version. */
  readonly urn: string;
  readonly config: FunctionConfig;
  readonly code: DeployedCode;
  /** −1: no limit of its own. 0: switched off. */
  readonly maxInstances: number;
  readonly lastModified: string;
  readonly triggers: readonly Trigger[];
  readonly asyncConfig?: AsyncConfig;
}

/** The variables of a function, encrypted ones included. */
export const variablesOf = ({ config }: DeployedFunction): Readonly<Record<string, string>> => ({
  ...readVariables(config.user_data),
  ...readVariables(config.encrypted_user_data),
});

export const readVariables = (text: string | undefined): Readonly<Record<string, string>> =>
  text === undefined || text === '' ? {} : (JSON.parse(text) as Record<string, string>);
