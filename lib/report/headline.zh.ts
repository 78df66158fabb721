/** What came of a run in one line, in Chinese (zh-CN). */
import { chineseReasons } from './reasons.zh.ts';
import type { Tally } from './words.ts';

const TITLE = { repair: '', nightly: '定时重启：', rolling: '滚动重启：' } as const;
const LOOKING = { observe: '（观察模式）', dry_run: '（试运行）' } as const;

export const headline = (tally: Tally): string => `${TITLE[tally.kind]}${outcome(tally)}`;

function outcome(tally: Tally): string {
  const { kind, total, counts, onlyLooking } = tally;
  if (total === 0) return nothing(tally);
  const isNone = counts.held === total && (kind === 'repair' || onlyLooking !== undefined);
  if (isNone) {
    const aside = onlyLooking === undefined ? '' : LOOKING[onlyLooking];
    return `未执行重启${aside}，${total} 台编码服务器：${others(tally).join('，')}`;
  }
  if (kind === 'repair') {
    return `${total} 台编码服务器：${[`已恢复 ${counts.recovered} 台`, ...others(tally)].join('，')}`;
  }
  return [`共 ${total} 台，已重启 ${counts.recovered} 台`, ...others(tally)].join('，');
}

function nothing({ stage, stopped }: Tally): string {
  if (stopped === 'test') return '测试：告警已送达';
  if (stopped !== undefined && stopped !== 'nothing_found') {
    return `未执行重启，本次执行提前终止（${chineseReasons.short[stopped]}）`;
  }
  if (stage === 'resolving') return '正在查找相关的编码服务器';
  return stage === 'finished' ? '未发现需要重启的编码服务器' : '暂未发现异常的编码服务器';
}

/** `未恢复 1 台，暂不处理 2 台`: all but the recovered, what needs attention first; nothing for a count of 0. */
function others({ kind, counts, heldFor, wouldRestart }: Tally): string[] {
  const why =
    heldFor === undefined ? '' : `${heldFor.isAll ? '' : '多为：'}${chineseReasons.short[heldFor.code]}`;
  const aside = kind === 'repair' || why === '' ? '' : `（${why}）`;
  const parts: [number, string, string][] = [
    [counts.not_recovered, '未恢复', ''],
    [counts.rejected, '被拒绝', ''],
    [counts.unconfirmed, '未确认', ''],
    [counts.unfinished, '未完成', ''],
    [wouldRestart, '本应重启', ''],
    [counts.held - wouldRestart, '暂不处理', aside],
  ];
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, what, after]) => `${what} ${amount} 台${after}`);
}
