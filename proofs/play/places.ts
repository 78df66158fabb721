/** Where every history takes place. */
import { epochMs } from '../../lib/time.ts';

export const START = epochMs(Date.parse('2026-03-01T18:30:00Z'));
export const REGION = 'cn-north-4';
export const PROJECT = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const topic = (name: string): string => `urn:smn:${REGION}:${PROJECT}:${name}`;
export const ALARM_TOPIC = topic('encode-alarms');
export const REPORT_TOPIC = topic('reports');
export const PAGE_TOPIC = topic('pages');
export const RESULTS_TOPIC = topic('results');
