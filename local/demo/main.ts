/** The demo as a function of its arguments: what it prints, and its exit code. */
import { alarm } from './alarm.ts';
import { deployed } from './deployed.ts';
import { faultList, showFault } from './fault.ts';
import { type DemoSource, readOptions, USAGE, UsageError } from './options.ts';
import { patrol } from './patrol.ts';
import { schedule } from './schedule.ts';
import { type Demo, type Showing, show } from './show.ts';
import { webhook } from './webhook.ts';

export const DEMOS: Readonly<Record<DemoSource, Demo>> = { alarm, schedule, webhook, patrol };

/** 0: everything holds. 1: something does not. 2: the call itself makes no sense. */
export async function main(
  args: readonly string[],
  showing: Showing & { readonly complain: (text: string) => void },
): Promise<0 | 1 | 2> {
  try {
    const asked = readOptions(args);
    switch (asked.kind) {
      case 'help':
        showing.write(USAGE.trimEnd());
        return 0;
      case 'list':
        showing.write(faultList());
        return 0;
      case 'deployed':
        return await deployed(showing.write);
      case 'fault':
        return await showFault(asked.fault, showing.write);
      case 'source':
        return await show(DEMOS[asked.source], showing);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    showing.complain(`${error.message}\n${error.hint.startsWith('Usage') ? '\n' : ''}${error.hint}`);
    return 2;
  }
}
