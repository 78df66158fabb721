/** `provider` in serverless.yml: where everything goes, and what holds for all functions. */
import * as z from 'zod/mini';
import { agency, funcVpc, memorySize, text, timeout, variables } from './fields.ts';

export const providerSchema = z.strictObject({
  name: z.literal('huawei', '"huawei"'),
  region: text(/^[a-z]{2}-[a-z]+-\d{1,3}$/, 'a region like "cn-north-4"'),
  projectId: text(/^[A-Za-z0-9]{1,64}$/, 'the id of your project in that region'),
  stage: z.optional(text(/^[A-Za-z0-9-]{1,32}$/, 'a stage like "dev" or "prod"')),
  // Bundles are made for 20.15; where a region has 22.18 they run there too.
  runtime: z._default(
    z.enum(['Node.js20.15', 'Node.js22.18'], '"Node.js20.15" (or "Node.js22.18", where the region has it)'),
    'Node.js20.15',
  ),
  memorySize: z._default(memorySize, 256),
  timeout: z._default(timeout, 30),
  /** Path of an ini file; the environment comes first. */
  credentials: z.optional(z.string('the path of an ini file with access_key_id and secret_access_key')),
  /** Whose credentials the code gets. */
  appXrole: agency,
  /** With whose permissions FunctionGraph itself sends what failed, and enters a VPC. */
  xrole: z.optional(agency),
  funcVpc: z.optional(funcVpc),
  userData: z.optional(variables),
  encryptedUserData: z.optional(variables),
});

export type Provider = z.infer<typeof providerSchema>;
