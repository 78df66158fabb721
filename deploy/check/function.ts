/** A function in serverless.yml, all but its triggers. */
import * as z from 'zod/mini';
import { agency, funcVpc, memorySize, text, timeout, topicUrn, variables, whole } from './fields.ts';

/** Source: API page "Configuring Asynchronous Execution Notification". */
const asyncInvokeConfig = z.strictObject({
  maxAsyncRetryAttempts: whole(0, 3, ''),
  maxAsyncEventAgeInSeconds: whole(1, 86_400, 's'),
  /** The topic that is told of an event that was given up. */
  onFailure: z.optional(z.strictObject({ topicUrn: z.optional(topicUrn) })),
});

export const functionSchema = z.strictObject({
  // Filled in by the framework where it is not said: <service>-<stage>-<key>.
  name: text(/^[A-Za-z](?:[\w-]{0,58}[A-Za-z0-9])$/, 'a name of 2 to 60 letters, digits, "-" and "_"'),
  handler: z.literal('index.handler', '"index.handler", as the bundle is made'),
  description: z.optional(z.string().check(z.maxLength(512, 'at most 512 characters'))),
  memorySize: z.optional(memorySize),
  timeout: z.optional(timeout),
  appXrole: z.optional(agency),
  xrole: z.optional(agency),
  funcVpc: z.optional(funcVpc),
  userData: z.optional(variables),
  encryptedUserData: z.optional(variables),
  /** Instances at a time; beyond that, calls are thrown away. Source: API page "config-max-instance". */
  maxInstanceNum: z.optional(whole(1, 1000, 'instances')),
  asyncInvokeConfig: z.optional(asyncInvokeConfig),
  events: z._default(z.array(z.unknown(), 'a list of triggers'), []),
});

export type FunctionConfig = z.infer<typeof functionSchema>;
