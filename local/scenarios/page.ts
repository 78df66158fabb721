/** docs/scenarios.md, written from what really happened. */
import type { FleetRow } from '../model/index.ts';
import { statusAt } from '../model/index.ts';
import type { Recorded } from './record.ts';
import type { Row } from './row.ts';
import { rowsOf } from './rows.ts';
import type { Scenario, Seen } from './scenario.ts';
import { stopwatch } from './stopwatch.ts';

const HEAD = `# What happens when …

The nights an operator fears, played and written down: the real functions, called as FunctionGraph calls them, against
the [local cloud](develop.md#the-local-cloud) over HTTP, in virtual time. Nothing here is written by hand: change the
code and this page changes with it (\`npm run docs:scenarios\`; CI fails when it does not fit any more).

How to read a timeline: the stopwatch shows minutes and seconds from the beginning; host \`h2\` carries the servers
\`h2-1\`, \`h2-2\`, …; runs are numbered as they are opened. \`patrol\` comes every full minute; what it looks at and finds
well is not shown. Settings are the defaults in mode \`active\`, with a topic for reports and one for pages. What each
did *not* do is checked in the cloud's own record while the page is written.
`;

/** @throws Error when something happened that the page says did not */
export function pageOf(played: readonly (readonly [Scenario, Recorded])[]): string {
  const contents = played.map(([{ title }], index) => `${index + 1}. [${title}](#${anchorOf(index, title)})`);
  const sections = played.map(([scenario, recorded], index) => sectionOf(index, scenario, recorded));
  return `${[HEAD, ...contents].join('\n')}\n\n${sections.join('\n')}`;
}

/** As GitHub makes it of the heading. */
function anchorOf(index: number, title: string): string {
  return headingOf(index, title)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

const headingOf = (index: number, title: string): string => `${index + 1}. ${title}`;

function sectionOf(index: number, scenario: Scenario, recorded: Recorded): string {
  const { title, fear, fleet, setting, settings, not, name } = scenario;
  const broken = not.filter(({ holds }) => !holds(recorded.seen)).map(({ claim }) => claim);
  if (broken.length > 0)
    throw new Error(`${name}: expected it not to ${broken.join(', nor to ')}, but it did`);
  const differing = settings === undefined ? '' : ` Settings: ${settingsText(settings)}.`;
  return [
    `## ${headingOf(index, title)}`,
    '',
    `*${fear}*`,
    '',
    `**Setting.** ${fleetText(fleet)}.${setting === undefined ? '' : ` ${setting}`}${differing}`,
    '',
    tableOf(rowsOf(recorded)),
    '',
    `**Outcome.** ${outcomeOf(recorded.seen)}`,
    '',
    `**It did not** ${not.map(({ claim }) => claim).join('; ')}.`,
    '',
  ].join('\n');
}

function fleetText(fleet: readonly FleetRow[]): string {
  const hosts = new Map<string, number>();
  for (const { server_id } of fleet) hosts.set(server_id, (hosts.get(server_id) ?? 0) + 1);
  const sizes = [...new Set(hosts.values())];
  const each =
    sizes.length === 1 ? counted(sizes[0] ?? 0, 'encode server') : `${sizes.join(' or ')} encode servers`;
  return `${counted(hosts.size, 'host')} with ${each}${hosts.size === 1 ? '' : ' each'}`;
}

const settingsText = (settings: Readonly<Record<string, unknown>>): string =>
  Object.entries(settings)
    .map(([key, value]) => `\`${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}\``)
    .join(', ');

function tableOf(rows: readonly Row[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return [
    '| | the world | encode-restart |',
    '| ---: | --- | --- |',
    ...rows.map(({ when, world, us }) => `| ${when} | ${cell(world)} | ${cell(us)} |`),
  ].join('\n');
}

function outcomeOf(seen: Seen): string {
  const { model, ledger, calls, reports, pages, endedAt } = seen;
  const servers = [...model.servers.values()];
  const running = servers.filter((server) => statusAt(server, endedAt) === 1).length;
  const restarted = new Set(model.restarts.map(({ encode_server_id }) => encode_server_id)).size;
  const asked = calls['RestartEncodeServer'] ?? 0;
  const runs = [...ledger.runs.values()];
  const outcomes = new Map<string, number>();
  for (const { progress } of runs.flatMap(({ targets }) => targets)) {
    outcomes.set(progress.state, (outcomes.get(progress.state) ?? 0) + 1);
  }
  const came = [...outcomes].map(([outcome, count]) => `${count} ${outcome.replaceAll('_', ' ')}`).join(', ');
  const over = [...ledger.servers].flatMap(([id, { handedOver }]) => (handedOver === undefined ? [] : [id]));
  const sentences = [
    restarted === 0
      ? `Nothing was restarted${asked === 0 ? '' : `; CPH was asked ${asked} times`}.`
      : `${counted(restarted, 'server')} restarted, ${counted(model.restarts.length, 'restart')} in ${counted(asked, 'call')} to CPH.`,
    runs.length === 0 ? 'No run was opened.' : `${counted(runs.length, 'run')}: ${came || 'nothing found'}.`,
    `At ${stopwatch(endedAt)} ${running} of ${servers.length} servers run${over.length === 0 ? '' : `; in a person's hands: ${over.join(', ')}`}.`,
    `People got ${counted(reports.length, 'report')} and ${counted(pages.length, 'page')}.`,
  ];
  return sentences.join(' ');
}

export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
