/** Everything that the engine is handed, for one instance. */
import type { World } from '../../lib/run/world.ts';
import type { Log, LogFields } from '../../lib/types.ts';
import { invokeAsync, publish } from '../../local/model/index.ts';
import type { Instance } from './alive.ts';
import { cphOf } from './cph.ts';
import { clockOf, meet } from './instance.ts';
import { ledgerOf } from './ledger.ts';
import { PROJECT } from './places.ts';
import type { Stage } from './stage.ts';
import { failWhere, refusal } from './trouble.ts';

export function worldOf(stage: Stage, instance: Instance, wake: (event: unknown) => void): World {
  const { model, scheduler, dice } = stage;
  return {
    clock: clockOf(stage, instance),
    cph: cphOf(stage, instance),
    smn: {
      publish: (topicUrn, { subject, messageStructure }) =>
        meet(stage, instance, {
          op: 'smn.publish',
          takes: dice.int(5, 300),
          does() {
            const trouble = failWhere(stage, 'smn.publish', 'smn', ['smn_down', 'smn_throttled']);
            if (stage.isIll('smn_refuses')) throw refusal('smn.publish', 'SMN.0009', 403);
            const message = { subject, message_structure: messageStructure };
            const mail = publish(model, topicUrn, message, scheduler.now());
            if (!mail.ok) throw refusal('smn.publish', mail.code, 400);
            stage.tally.counts.reports += 1;
            if (trouble === 'lost_after') throw refusal('smn.publish', 'deadline', 500);
            return { messageId: mail.value.message_id };
          },
        }),
    },
    functionGraph: {
      invokeAsync: (urn, event) =>
        meet(stage, instance, {
          op: 'functiongraph.invoke',
          takes: dice.int(20, 400),
          does() {
            const trouble = stage.troubleAt('functiongraph.invoke');
            if (trouble === 'lost_before') throw refusal('functiongraph.invoke', 'deadline');
            invokeAsync(model, urn, event, scheduler.now());
            wake(event);
            if (trouble !== undefined) throw refusal('functiongraph.invoke', 'deadline');
            return { requestId: 'r' };
          },
        }),
    },
    ledger: ledgerOf(stage, instance),
    settings: instance.witness.settings,
    projectId: PROJECT,
    log: logOf(stage),
  };
}

/** Silent, but for what is to be found in it: messages in full that nobody took. */
function logOf({ book, trace }: Stage): Log {
  const keep = (message: string, fields?: LogFields): void => {
    trace?.(() => `    "${message}" ${JSON.stringify(fields ?? {}).slice(0, 300)}`);
    if (message.includes('in full')) book.logged.push(JSON.stringify(fields ?? {}));
  };
  const tell = (message: string, fields?: LogFields): void =>
    trace?.(() => `    "${message}" ${JSON.stringify(fields ?? {}).slice(0, 300)}`);
  const log: Log = { debug: () => undefined, info: tell, warn: keep, error: keep, child: () => log };
  return log;
}
