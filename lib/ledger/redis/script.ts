/**
 * A script that Redis runs as one step. What every script begins with: the tag that its keys share (`KEYS[1]` is the
 * key of small things, all others are made of it, so that everything lives in one slot), its arguments one by one,
 * and the refusal of a ledger in a format that this version does not know.
 */
import { createHash } from 'node:crypto';

/**
 * The one version of everything in a ledger, kept once: a byte in each value would cost as much as it tells. Whoever
 * changes how anything is packed raises it, and an older instance beside a newer one stops at its first step.
 */
export const FORMAT = 4;

export interface Script {
  readonly text: string;
  /** The name that Redis knows it by, once it has run. */
  readonly sha: string;
}

const HEAD = /* lua */ `
local call, M = redis.call, KEYS[1]
local P = string.sub(M, 1, -2)
local format = call('HGET', M, 'format')
if format and format ~= '${FORMAT}' then return redis.error_reply('LEDGER_FORMAT ' .. format) end
if not format then call('HSET', M, 'format', '${FORMAT}') end
local given = 0
local function arg() given = given + 1; return ARGV[given] end
local function num() return tonumber(arg()) end
-- Milliseconds are integers too large for Lua's own way of writing numbers.
local function int(value) return string.format('%.0f', value) end
`;

export function script(parts: readonly string[], body: string): Script {
  return plainScript([HEAD, ...parts, body].join(''));
}

export const plainScript = (text: string): Script => ({
  text,
  sha: createHash('sha1').update(text).digest('hex'),
});
