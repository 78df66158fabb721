/** The phrases of a report in Chinese (zh-CN). */
import type { Standing, Tally, Words } from './words.ts';

/** `未恢复 1 台，暂不处理 2 台`: all but the recovered, what needs attention first; nothing for a count of 0. */
function others({ counts, wouldRestart }: Tally): string[] {
  const parts: [number, string][] = [
    [counts.not_recovered, '未恢复'],
    [counts.rejected, '被拒绝'],
    [counts.unconfirmed, '未确认'],
    [counts.unfinished, '未完成'],
    [wouldRestart, '本应重启'],
    [counts.held - wouldRestart, '暂不处理'],
  ];
  return parts.filter(([amount]) => amount > 0).map(([amount, what]) => `${what} ${amount} 台`);
}

function headline(tally: Tally): string {
  const { total, counts, finished, stopped, onlyLooking } = tally;
  if (total === 0 && stopped) return '未执行重启，本次执行提前终止';
  if (total === 0) return finished ? '未发现需要重启的编码服务器' : '暂未发现异常的编码服务器';
  if (counts.held < total) {
    return `${total} 台编码服务器：${[`已恢复 ${counts.recovered} 台`, ...others(tally)].join('，')}`;
  }
  const how = { observe: '（观察模式）', dry_run: '（试运行）' };
  const aside = onlyLooking === undefined ? '' : how[onlyLooking];
  return `未执行重启${aside}，${total} 台编码服务器：${others(tally).join('，')}`;
}

const STANDING: Readonly<Record<Standing, string>> = {
  recovered: '已恢复',
  not_recovered: '未恢复',
  rejected: '被拒绝',
  unconfirmed: '未确认',
  held: '暂不处理',
  unfinished: '未完成',
};

export const chinese: Words = {
  notIncluded: () => '不在允许重启的范围内（配置项 include）',
  excluded: () => '已配置为不重启',
  paused: (who, why) => `重启已被 ${who} 暂停：“${why}”`,
  wellAgain: () => '已自行恢复运行，无需重启',
  restartingAlready: () => '正在重启中',
  unavailable: (status) => `当前状态不允许重启（状态码 ${status}）`,
  gone: () => '已不在 CPH 的编码服务器列表中',
  hostNotInService: (status) => `所在主机未处于正常服务状态（状态码 ${status}）`,
  hostGone: () => '所在主机已查询不到',
  unchecked: (what) => `无法查询${what === 'host' ? '所在主机' : '该服务器'}的状态，因此未作处理`,
  cooldown: (at) => `处于冷却期：上次重启于 ${at}`,
  inFlight: (runId) => `正由另一次执行（${runId}）重启`,
  attemptsUsed: (attempts) => `已重启 ${attempts} 次仍未恢复，需要人工检查`,
  handedOver: (since, why) => `自 ${since} 起已转人工处理：“${why}”`,
  hostLimit: (inFlight, limit) => `同一主机上已有 ${inFlight} 台编码服务器正在重启，上限为 ${limit} 台`,
  concurrencyLimit: (inFlight, limit) => `已有 ${inFlight} 台编码服务器正在重启，总上限为 ${limit} 台`,
  observe: () => '观察模式（observe）不执行重启',
  dryRun: () => '试运行（dry run）不执行重启',
  runEnded: () => '未轮到该服务器，本次执行已结束',
  notAuthorised: (error) => `华为云拒绝了所用的凭证或权限：${error}`,

  standing: (standing) => STANDING[standing],
  wouldRestart: () => '本应重启',
  recovered: (seconds, attempt) => `第 ${attempt} 次重启，${seconds} 秒后恢复运行`,
  notRecovered: (attempt) => `第 ${attempt} 次重启后仍异常`,
  rejected: (error) => `CPH 拒绝重启：${error}`,
  notSeenAgain: () => '重启请求已被接受，但未观察到服务器恢复运行',
  answerLost: () => '无法确认 CPH 是否已接受重启请求，也未观察到重启',
  nextAttempt: (from, attempt) => `最早可于 ${from} 进行第 ${attempt} 次重启`,
  handOver: () => '重启次数已用完，需要人工检查',
  notBefore: (at) => `最早 ${at} 后再处理`,
  underWay(state) {
    if (state === 'waiting') return '等待重启';
    if (state === 'claimed') return '即将重启，尚无应答记录';
    if (state === 'unknown') return '重启请求的应答丢失，正在确认是否已重启';
    return state === 'accepted' ? '重启请求已被接受，正在重启' : '已重启，正在确认是否恢复';
  },
  join: (parts) => parts.join('；'),
  withError: (what, error) => `${what}（CPH：${error}）`,

  headline,
  attention(attention) {
    if (attention === 'needed') return '需要人工处理。';
    return attention === 'not_yet' ? '暂不需要人工处理。' : '无需人工处理。';
  },
  alert: (text) => `需人工处理 · ${text}`,
  opening: (text, attention) => `${text}。${attention}`,
  host: (id) => `主机 ${id}`,
  hosts: (amount) => `${amount} 台主机`,
  project: (id) => `项目 ${id}`,
  source: (source) => ({ alarm: '告警', timer: '定时任务', http: 'HTTP 调用', patrol: '巡检' })[source],
  mode(mode, dryRun) {
    const name = mode === 'observe' ? '观察（observe）' : '执行（active）';
    return dryRun ? `${name}，试运行（dry run）` : name;
  },
  runState: (state) =>
    ({
      watching: '观察中',
      running: '重启中',
      verifying: '确认中',
      done: '已结束',
      cancelled: '已取消',
      expired: '已超时',
    })[state],
  quoted: (text) => `“${text}”`,
  label: (of) =>
    ({
      trigger: '触发来源：',
      by: '触发者：',
      at: '触发时间：',
      where: '位置：',
      mode: '模式：',
      run: '执行 ID：',
      stopped: '提前终止：',
      requestIds: '请求 ID：',
    })[of],
  more: (amount) => `另有 ${amount} 台，详见 JSON`,
  moreIds: (amount) => `另有 ${amount} 个`,
  stillOpen: (fate) =>
    fate === 'carried_on'
      ? '本次执行尚未结束，以上为当前情况。'
      : '本次执行尚未结束，且不会有后续执行接手，请检查未完成的服务器。',
  ledgerForgets: () => '未使用共享账本：冷却期、重启次数和历史记录仅在本次函数调用内有效。',
};
