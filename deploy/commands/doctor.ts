/**
 * `serverless checkup`, or `npm run doctor`: whether a deployment is as serverless.yml says, who is subscribed to its
 * topics, what patrol finds when it looks at what it stands on, from inside, and whether a test alarm comes through.
 * Restarts nothing; sends a test message to each topic that reports go to.
 */
import { iso, systemClock } from '../../lib/time.ts';
import type { Service } from '../check/service.ts';
import { doorFindings } from '../checkup/doors.ts';
import { DEPLOY, examined, type Finding, messageIn } from '../checkup/finding.ts';
import { notSent, type Patience, testAlarmFindings, USUAL_PATIENCE } from '../checkup/test-alarm.ts';
import { alarmTopicFindings, reportTopicFindings } from '../checkup/topics.ts';
import type { Deployed } from '../cloud/deployed.ts';
import type { Management } from '../cloud/management.ts';
import type { Topics } from '../cloud/topics.ts';
import { compose, urnOf } from '../compose.ts';
import { Failure } from '../failure.ts';
import { lookAt, type Seen } from '../look.ts';
import { describePlan, nameOf } from '../plan/describe.ts';
import { planDeployment } from '../plan/plan.ts';
import { readRecord } from '../plan/record.ts';
import { isWork, PRUNE, type Removal, stillThere } from '../plan/removal.ts';
import { planTriggers } from '../plan/triggers.ts';
import { lookForTakenOut, type TakenOut } from '../taken-out.ts';
import { firstDeployment } from './deploy.ts';
import type { Io } from './io.ts';

const INSIDE = 'patrol, asked from inside';

/** Beyond this the platform is near to refusing signatures. */
const LARGEST_SKEW_MS = 60_000;

/**
 * What a test alarm passes, beside its topic: alarm with its trigger, which looks for the server and writes down the
 * run, and the report; and what is asked for it.
 */
const ON_ITS_WAY: ReadonlySet<string> = new Set([
  'function alarm',
  INSIDE,
  'CPH: encode servers',
  'ledger',
  'SMN: report_topic',
]);

export interface Checkup {
  readonly as: 'table' | 'json';
  readonly testAlarm: 'send' | 'leave out';
  readonly patience?: Patience;
}

export async function doctor(
  service: Service,
  management: Management,
  io: Io,
  topics: Topics,
  { as, testAlarm, patience = USUAL_PATIENCE }: Checkup,
): Promise<void> {
  const seen = await lookAt(service, management);
  const functions = functionsOf(service, seen);
  const alarmTopics = await alarmTopicFindings(service, topics);
  const inside = await fromInside(service, seen, management);
  const isOnItsWay = ({ check }: Finding) =>
    ON_ITS_WAY.has(check) || (check === 'function patrol' && seen.get('patrol') === undefined);
  const before = [...functions.filter(isOnItsWay), ...alarmTopics, ...inside.filter(isOnItsWay)];
  const findings = [
    ...functions,
    ...triggersOf(service, seen),
    ...doorFindings(service, seen),
    ...takenOutOf(await lookForTakenOut(service, management)),
    ...alarmTopics,
    ...(await reportTopicFindings(service, topics)),
    ...inside,
    ...(await throughAlarm(
      service,
      { management, topics, io, clock: systemClock },
      before,
      testAlarm,
      patience,
    )),
  ];
  const ill = findings.filter(({ state }) => state === 'ill');
  io.print(as === 'json' ? JSON.stringify({ well: ill.length === 0, findings }, null, 2) : tableOf(findings));
  if (ill.length === 0) return;
  throw new Failure(
    'NOT_WELL',
    `${ill.length} of ${findings.length} checks are not well: ${ill.map(({ check }) => check).join(', ')}.`,
  );
}

/** Each function: there, ours, and as serverless.yml says. Code is not compared: that takes a package. */
function functionsOf(service: Service, seen: Seen): readonly Finding[] {
  const of = `${service.name}/${service.stage}`;
  return compose(service, { deployedAt: firstDeployment(seen) }).map((wanted): Finding => {
    const check = `function ${wanted.key}`;
    const deployed = seen.get(wanted.key);
    if (deployed === undefined) return { check, state: 'ill', said: 'it is not deployed', todo: DEPLOY };
    const code = readRecord(deployed.config.variables)?.code ?? '';
    const plan = planDeployment([{ wanted, code, deployed }], of);
    const [refusal] = plan.refusals;
    if (refusal !== undefined) return { check, state: 'ill', said: refusal };
    if (plan.steps.length === 0) return { check, state: 'well', said: 'it is as serverless.yml says' };
    const lines = describePlan({ ...plan, left: [] }).slice(1);
    return {
      check,
      state: 'ill',
      said: `it differs: ${lines.map((line) => line.trim()).join('; ')}`,
      todo: DEPLOY,
    };
  });
}

function takenOutOf({ ours, unsure, copies, unknown }: TakenOut): readonly Finding[] {
  const check = 'taken out of serverless.yml';
  const nobodyKnows = (said: string, todo?: string): Finding => ({
    check,
    state: 'unknown',
    said,
    ...(todo === undefined ? {} : { todo }),
  });
  return [
    ...ours.map((one) =>
      isWork(one)
        ? stillOurs(check, one)
        : nobodyKnows(`${one.name} has a trigger that is not ours`, IN_CONSOLE),
    ),
    ...unsure.map((name) => nobodyKnows(`${name} is still deployed, or a copy`, IN_CONSOLE)),
    ...copies.map((name) => nobodyKnows(`${name} is a copy of a function of ours`)),
    ...unknown.map((why) => nobodyKnows(why)),
  ];
}

const IN_CONSOLE = 'If nobody needs it, delete it in the console.';

const stillOurs = (check: string, removal: Removal): Finding => ({
  check,
  state: 'ill',
  said: stillThere(removal),
  todo: `Run "${PRUNE}", or put it back into serverless.yml.`,
});

function triggersOf(service: Service, seen: Seen): readonly Finding[] {
  return service.functions.flatMap(({ key }): readonly Finding[] => {
    const deployed = seen.get(key);
    if (deployed === undefined) return [];
    const ours = planTriggers([], deployed.triggers, readRecord(deployed.config.variables)).remove;
    if (ours.length === 0) {
      return [
        {
          check: `triggers of ${key}`,
          state: 'unknown',
          said: 'there is none: nothing sets it off but a call',
        },
      ];
    }
    return ours.map((trigger): Finding => {
      const check = `trigger of ${key}`;
      const isOn = trigger.status === '' || trigger.status === 'ACTIVE';
      if (isOn) return { check, state: 'well', said: `${nameOf(trigger)} is on` };
      return {
        check,
        state: 'unknown',
        said: `${nameOf(trigger)} is off`,
        todo: 'See that this is what you want.',
      };
    });
  });
}

/** @param before what has to be well for a test alarm to tell anything */
async function throughAlarm(
  service: Service,
  cloud: Parameters<typeof testAlarmFindings>[1],
  before: readonly Finding[],
  testAlarm: Checkup['testAlarm'],
  patience: Patience,
): Promise<readonly Finding[]> {
  if (testAlarm === 'leave out') return [];
  const ill = before.filter(({ state }) => state === 'ill').map(({ check }) => check);
  if (ill.length > 0) return notSent(service, `first see to ${ill.join(', ')}`);
  return testAlarmFindings(service, cloud, patience);
}

async function fromInside(service: Service, seen: Seen, management: Management): Promise<readonly Finding[]> {
  const patrol = service.functions.find(({ key }) => key === 'patrol');
  if (patrol === undefined || seen.get('patrol') === undefined) return [];
  const check = INSIDE;
  try {
    const { result, code } = await management.invoke(urnOf(service, patrol.config.name), { doctor: true });
    const read = code === '0' || code === '' ? examined.safeParse(JSON.parse(result)) : undefined;
    if (read?.success !== true) {
      const said = `it does not work: ${messageIn(result)}`;
      return [{ check, state: 'ill', said, todo: todoOf(seen.get('patrol')) }];
    }
    return [clockOf(read.data.time), ...read.data.findings];
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return [
      { check, state: 'ill', said, todo: 'See to the permission to call functions, and call it again.' },
    ];
  }
}

const todoOf = (patrol: Deployed | undefined): string =>
  patrol?.config.app_xrole === ''
    ? 'Give it an agency (provider.appXrole).'
    : 'See to the agency (a new one takes ten minutes), the settings and the log of patrol.';

function clockOf(time: string): Finding {
  const apart = Math.abs(Date.parse(time) - systemClock.now());
  const check = 'clock: here and the function';
  const said = `${Math.round(apart / 1000)} s apart (${iso(systemClock.now())} here)`;
  if (apart <= LARGEST_SKEW_MS) return { check, state: 'well', said };
  return { check, state: 'ill', said, todo: "Set this machine's clock, or see to the platform's." };
}

const SIGNS = { well: '✔', ill: '✘', unknown: '?' } as const;

function tableOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .flatMap(({ check, state, said, todo }) => [
      `${SIGNS[state]} ${check.padEnd(width)}  ${said}`,
      ...(todo === undefined ? [] : [`  ${' '.repeat(width)}  → ${todo}`]),
    ])
    .join('\n');
}
