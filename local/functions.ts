/** The functions that there are, made for a platform of the local host's choosing. */
import { createAlarm } from '../functions/alarm.ts';
import { createPatrol } from '../functions/patrol.ts';
import { createSchedule } from '../functions/schedule.ts';
import { createWebhook } from '../functions/webhook.ts';
import type { FunctionHandler } from '../lib/runtime/function.ts';
import type { Platform } from '../lib/runtime/platform.ts';

const FUNCTIONS: Readonly<Record<string, (platform: Platform) => FunctionHandler<unknown>>> = {
  alarm: createAlarm,
  schedule: createSchedule,
  webhook: createWebhook,
  patrol: createPatrol,
};

export const FUNCTION_NAMES = Object.keys(FUNCTIONS);

export function createFunction(name: string, platform: Platform): FunctionHandler<unknown> | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]?.(platform) : undefined;
}
