/** The functions that there are, made for a platform of the local host's choosing. */
import { createAlarm } from '../functions/alarm.ts';
import type { FunctionHandler } from '../lib/runtime/function.ts';
import type { Platform } from '../lib/runtime/platform.ts';

const FUNCTIONS: Readonly<Record<string, (platform: Platform) => FunctionHandler<unknown>>> = {
  alarm: createAlarm,
};

export const FUNCTION_NAMES = Object.keys(FUNCTIONS);

export function createFunction(name: string, platform: Platform): FunctionHandler<unknown> | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]?.(platform) : undefined;
}
