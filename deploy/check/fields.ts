/** What can stand in single fields of serverless.yml, with the words for what is expected there. */
import * as z from 'zod/mini';

/** A text of this form; `expected` says which. */
export const text = (pattern: RegExp, expected: string) =>
  z.string(expected).check(z.regex(pattern, expected));

/** A whole number from `least` to `most`. */
export const whole = (least: number, most: number, unit: string) => {
  const expected = `a whole number from ${least} to ${most}${unit === '' ? '' : ` (${unit})`}`;
  const fits = (value: number) => Number.isInteger(value) && value >= least && value <= most;
  return z.number(expected).check(z.refine(fits, expected));
};

export const topicUrn = text(
  /^urn:smn:[a-z0-9-]+:[A-Za-z0-9]+:[A-Za-z0-9_-]{1,255}$/,
  'a topic URN like urn:smn:<region>:<project id>:<name>',
);
export const agency = text(/^[\w. -]{1,64}$/, 'the name of an agency');

// Source: API reference, memory_size.
const MEMORY = [128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10_240];
export const memorySize = z.literal(MEMORY, `one of ${MEMORY.join(', ')} (MB)`);
/** Source: user guide, "Notes and Constraints". */
export const timeout = whole(3, 259_200, 's');

const variable = text(/^[A-Za-z]\w*$/, 'a name of letters, digits and "_" that begins with a letter');
/** Variables by name, without those that were left open. Source: user guide, "Configuring Environment Variables". */
export const variables = z.pipe(
  z.record(variable, z.optional(z.string('a text')), 'a map of names to texts'),
  z.transform((given) =>
    Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  ),
);

const VPC = 'the id of a VPC and of a subnet in it, or neither';
const id = text(/^[A-Za-z0-9-]{1,64}$/, 'an id');
export const funcVpc = z
  .strictObject({ vpcId: z.optional(id), subnetId: z.optional(id) })
  .check(z.refine(({ vpcId, subnetId }) => (vpcId === undefined) === (subnetId === undefined), VPC));
