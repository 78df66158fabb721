/** Shows a fault: its setting, the story, the promise, and whether it held. */
import { styleText } from 'node:util';
import { emptyState } from '../../lib/ledger/state.ts';
import { columns } from '../../lib/report/layout.ts';
import { virtualClock } from '../clock.ts';
import { FAULT_GROUPS, type Fault, type FaultInstance, OPENS_AT, settingOf } from '../faults/index.ts';
import type { Model } from '../model/index.ts';
import { play, settingsFor } from '../play.ts';
import { storyTeller } from '../story.ts';
import { type Check, title, verdict, type Write } from './print.ts';

/** Every fault by group: its name, what happens, what is promised. */
export function faultList(): string {
  const width = Math.max(...[...FAULT_GROUPS.values()].flat().map(({ name }) => name.length));
  const blank = ' '.repeat(width);
  const groups = [...FAULT_GROUPS].map(([group, faults]) => {
    const rows = faults.flatMap(({ name, does, promise }) => [
      `  ${styleText('cyan', name.padEnd(width))}  ${wrapped(does, `  ${blank}  `)}`,
      `  ${blank}  ${styleText('green', '→')} ${wrapped(promise, `  ${blank}    `)}`,
    ]);
    return [styleText('bold', group), ...rows].join('\n');
  });
  return groups.join('\n\n');
}

const WIDTH = 112;

function wrapped(text: string, indent: string): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (indent.length + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${indent}`);
}

/** The exit code: 0 only if what is promised under the fault held. */
export async function showFault(fault: Fault, write: Write): Promise<0 | 1> {
  const {
    fleet,
    events,
    settings = {},
    happenings = [],
    ledger = emptyState(),
    timeoutSeconds,
  } = settingOf(fault);
  const clock = virtualClock(OPENS_AT);
  const onlooker = storyTeller(clock, write);
  const log: Record<string, unknown>[] = [];
  let model: Model | undefined;
  const watching: FaultInstance = {
    async intercept(call, proceed) {
      const reply = await proceed();
      if (model !== undefined) onlooker.sawCall(call, reply, { model, ledger });
      return reply;
    },
  };
  const abnormal = fleet.filter(({ status }) => status === 2).length;
  const hosts = new Set(fleet.map(({ server_id }) => server_id)).size;
  write(title(`encode-restart under the fault ${fault.name}`));
  for (const line of columns([
    ['What happens', fault.does],
    [
      'Setting',
      `${hosts} host${hosts === 1 ? '' : 's'}, ${fleet.length} encode servers, ${abnormal} abnormal; ${events.length} event${events.length === 1 ? '' : 's'} for the function "alarm"`,
    ],
    ...(Object.keys(settings).length === 0 ? [] : [['Settings', JSON.stringify(settings)]]),
  ]))
    write(line);
  write('');
  const played = await play(
    {
      functionName: 'alarm',
      events,
      fleet,
      ...settingsFor(events, settings),
      ledger,
      faults: [watching, fault.create()],
      clock,
      start: OPENS_AT,
      happenings,
      meets(there) {
        model = there;
      },
      ...(timeoutSeconds === undefined ? {} : { limits: { alarm: { timeoutSeconds, memoryMb: 256 } } }),
    },
    (line) => {
      onlooker.readLog(line);
      if (line.startsWith('{')) log.push(JSON.parse(line) as Record<string, unknown>);
    },
  );
  for (const { event, error } of played.failed ?? []) {
    onlooker.says('platform', `event ${event + 1} failed: ${error}`, 'bad');
  }
  write('');
  write(`${styleText('bold', 'Promised')}: ${fault.promise}.`);
  const broken = fault.holds({ ...played, log });
  const checks: readonly Check[] =
    broken.length === 0 ? [[true, 'the promise held']] : broken.map((sentence) => [false, sentence]);
  return verdict(checks, write);
}
