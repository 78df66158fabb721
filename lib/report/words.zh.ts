/** The phrases of a report in Chinese (zh-CN). */
import { headline } from './headline.zh.ts';
import { chineseReasons } from './reasons.zh.ts';
import type { Standing, Words } from './words.ts';

const STANDING: Readonly<Record<Standing, string>> = {
  recovered: '已恢复',
  not_recovered: '未恢复',
  rejected: '被拒绝',
  unconfirmed: '未确认',
  held: '暂不处理',
  unfinished: '未完成',
};

export const chinese: Words = {
  ...chineseReasons,

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
  also: (reason) => `此外：${reason}`,
  aside: (text, aside) => `${text}（${aside}）`,
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
  noticeAttention(attention) {
    if (attention === 'needed') return '需要人工处理。';
    return attention === 'not_yet' ? '不紧急，但请留意处理。' : '无需人工处理。';
  },
  ofRuns: (amount, text) => `${amount} 次执行合计：${text}`,
  moreRuns: (amount) => `另有 ${amount} 次执行，详见 JSON`,
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
      resolving: '查找服务器中',
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
      override: '人工放行：',
      requestIds: '请求 ID：',
    })[of],
  more: (amount) => `另有 ${amount} 台，详见 JSON`,
  crowd: (amount, text) => `${amount} 台：${text}`,
  firstNotBefore: (at) => `最早一台 ${at} 后再处理`,
  moreIds: (amount) => `另有 ${amount} 个`,
  stillOpen: (fate) =>
    fate === 'carried_on'
      ? '本次执行尚未结束，以上为当前情况。'
      : '本次执行尚未结束，且不会有后续执行接手，请检查未完成的服务器。',
  ledgerForgets: () => '未使用共享账本：冷却期、重启次数和历史记录仅在本次函数调用内有效。',
};
