/** Engines that go silent. */
import { inFile, type Planted } from './planted.ts';

const patrol = inFile('lib/run/patrol.ts');

export const LETTERS: readonly Planted[] = [
  {
    name: 'letter-gone-too-early',
    does: 'takes a letter out of the ledger before SMN has taken it',
    changes: [
      inFile('lib/run/send.ts')(
        `    const { messageId } = await smn.publish(topicUrn, { subject, messageStructure });
    await ledger.sent(letterId);`,
        `    await ledger.sent(letterId);
    const { messageId } = await smn.publish(topicUrn, { subject, messageStructure });`,
      ),
    ],
  },
  {
    name: 'nothing-gathered',
    does: 'never tells what patrol did by itself',
    changes: [
      patrol(
        "    left.filter(({ request }) => request.source === 'patrol'),",
        "    left.filter(({ request }) => request.source === 'patrol' && request.dryRun),",
      ),
    ],
  },
  {
    name: 'letters-left',
    does: 'never sends again what SMN did not take',
    changes: [
      inFile('lib/run/send.ts')(
        'for (const letter of await ledger.unsent()) {',
        'for (const letter of [] as Letter[]) {',
      ),
    ],
  },
  {
    name: 'held-is-no-news',
    does: 'tells nobody of what it holds',
    changes: [
      inFile('lib/report/news.ts')(
        'if (code === undefined || NO_NEWS.has(code)) return false;',
        'if (code === undefined || NO_NEWS.has(code) || told !== null) return false;',
      ),
    ],
  },
  {
    name: 'notices-not-sent',
    does: 'tells of runs alone, and never of what concerns more than one',
    changes: [
      inFile('lib/run/send.ts')(
        'const isNew = await post(key, topic, noticeMessage(notice, reportOptions(world)), world);',
        "const isNew = key === '' && (await post(key, topic, noticeMessage(notice, reportOptions(world)), world));",
      ),
    ],
  },
  {
    name: 'results-not-sent',
    does: 'sends no results to the programs that wait for them',
    changes: [inFile('lib/run/tell.ts')('  await sendResults(run, world);\n', '  void sendResults;\n')],
  },
  {
    name: 'patrol-does-not-look',
    does: 'patrol carries on runs, and opens none for what is abnormal',
    changes: [
      patrol(
        'if (!trial.isWorthIt || (await wasDenied(world))) return isSettling;',
        'if (trial !== null) return isSettling;',
      ),
    ],
  },
];
