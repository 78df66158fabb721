/**
 * The triggers in serverless.yml, in the words of the public plugin: `triggerTypeCode`, `status`, `eventData`.
 * Source: API page "Creating a Trigger"; facts of each type are beside its schema.
 */
import * as z from 'zod/mini';
import { cronProblem, rateProblem } from './cron.ts';
import { text, topicUrn, whole } from './fields.ts';
import { checked, type Problem, shown, valueAt } from './problems.ts';

const name = text(/^[A-Za-z][\w-]{0,63}$/, 'a name of 1 to 64 letters, digits, "-" and "_", a letter first');
const status = z._default(z.enum(['ACTIVE', 'DISABLED'], '"ACTIVE" or "DISABLED"'), 'ACTIVE');
/** SMN and API triggers cannot be disabled. */
const alwaysOn = z._default(z.literal('ACTIVE', '"ACTIVE": only timers can be disabled'), 'ACTIVE');

const smn = z.strictObject({
  triggerTypeCode: z.literal('SMN'),
  status: alwaysOn,
  eventData: z.strictObject({ topicUrn }),
});

const timer = z.strictObject({
  triggerTypeCode: z.literal('TIMER'),
  status,
  eventData: z.strictObject({
    name,
    scheduleType: z.enum(['Cron', 'Rate'], '"Cron" or "Rate"'),
    schedule: z.string('a text'),
    userEvent: z.optional(z.string('a text; write a JSON object in quotes')),
  }),
});

const METHODS = ['ANY', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;
const api = {
  name,
  groupId: text(/^[A-Za-z0-9-]{1,64}$/, 'the id of an API group'),
  path: text(/^\/[\w./{}+-]*$/, 'a path like /encode-restart'),
  matchMode: z._default(z.enum(['SWA', 'NORMAL'], '"SWA" (all below the path) or "NORMAL"'), 'SWA'),
  reqMethod: z._default(z.enum(METHODS, `one of ${METHODS.join(', ')}`), 'ANY'),
  auth: z.enum(['IAM', 'APP', 'NONE'], '"IAM", "APP" or "NONE"'),
  // A secret goes over it.
  protocol: z._default(z.literal('HTTPS', '"HTTPS"'), 'HTTPS'),
  timeout: z._default(whole(1, 60_000, 'ms'), 5000),
  envName: z._default(text(/^[A-Za-z]\w{2,63}$/, 'the name of an environment'), 'RELEASE'),
  envId: z._default(text(/^\w{1,64}$/, 'the id of an environment'), 'DEFAULT_ENVIRONMENT_RELEASE_ID'),
  slDomain: z.optional(text(/^[\w.-]{1,255}$/, 'a domain')),
};
const instanceId = text(/^[A-Za-z0-9-]{1,64}$/, 'the id of a dedicated gateway');

const apig = z.strictObject({
  triggerTypeCode: z.literal('APIG'),
  status: alwaysOn,
  // With an instance it is a dedicated gateway's, whatever it is called here.
  eventData: z.strictObject({ ...api, instanceId: z.optional(instanceId) }),
});

const dedicated = z.strictObject({
  triggerTypeCode: z.literal('DEDICATEDGATEWAY'),
  status: alwaysOn,
  eventData: z.strictObject({ ...api, instanceId }),
});

export type Trigger =
  | z.infer<typeof smn>
  | z.infer<typeof timer>
  | z.infer<typeof apig>
  | z.infer<typeof dedicated>;

const SCHEMAS = { SMN: smn, TIMER: timer, APIG: apig, DEDICATEDGATEWAY: dedicated } as const;
const TYPES = Object.keys(SCHEMAS).join(', ');

/** One trigger that stands at `path`, or what is wrong with it. */
export function checkTrigger(
  given: unknown,
  path: readonly PropertyKey[],
): { readonly value: Trigger } | { readonly problems: readonly Problem[] } {
  const type = valueAt(given, ['triggerTypeCode']);
  const schema =
    typeof type === 'string' && Object.hasOwn(SCHEMAS, type) && SCHEMAS[type as keyof typeof SCHEMAS];
  if (schema === false) {
    return {
      problems: [{ path: [...path, 'triggerTypeCode'], expected: `one of ${TYPES}`, got: shown(type) }],
    };
  }
  const read = checked<Trigger>(schema as z.ZodMiniType<Trigger>, given, path);
  if ('problems' in read || read.value.triggerTypeCode !== 'TIMER') return read;
  const { scheduleType, schedule } = read.value.eventData;
  const expected = scheduleType === 'Cron' ? cronProblem(schedule) : rateProblem(schedule);
  if (expected === undefined) return read;
  return { problems: [{ path: [...path, 'eventData', 'schedule'], expected, got: shown(schedule) }] };
}
