/** The phrases of the daily digest in Chinese (zh-CN). */
import type { DigestWords } from './digest-words.ts';

const partsOf = (parts: readonly (readonly [number, string])[]): string[] =>
  parts.filter(([amount]) => amount > 0).map(([amount, what]) => `${what} ${amount} 台`);

export const chineseDigest: DigestWords = {
  calm: () => '每日摘要：一切正常，没有需要重启的编码服务器',
  headline(digest, attempts) {
    const { counts, handedOver, abnormal, abnormalUnknown, recurring, others = 0 } = digest;
    const { storm, pause, wouldRestart, undeliverable } = digest;
    return `每日摘要：${[
      attempts > 0 ? `重启 ${attempts} 次，恢复 ${counts.recovered} 次` : '没有重启任何服务器',
      ...partsOf([
        [handedOver.length, '转人工'],
        [abnormal.length, '异常'],
        [recurring.length, '反复异常'],
        [others, '既非运行也非异常'],
        [wouldRestart, '本应重启'],
      ]),
      ...(abnormalUnknown === true ? ['无法查询 CPH'] : []),
      ...(storm === undefined ? [] : ['正发生大面积故障']),
      ...(pause === undefined ? [] : ['重启已暂停']),
      ...(undeliverable > 0 ? [`${undeliverable} 份报告未送达`] : []),
    ].join('，')}`;
  },
  label: (of) => ({ period: '时段：', fleet: '规模：', done: '执行情况：', observed: '观察结果：' })[of],
  fleet: (amount) => `${amount} 台编码服务器`,
  done: (runs, counts) =>
    `共执行 ${runs} 次：${
      partsOf([
        [counts.recovered, '已恢复'],
        [counts.not_recovered, '未恢复'],
        [counts.rejected, '被拒绝'],
        [counts.unconfirmed, '未确认'],
        [counts.held, '暂不处理'],
      ]).join('，') || '没有需要重启的服务器'
    }`,
  wouldRestart: (amount) => `若非观察模式或试运行，本应重启 ${amount} 台编码服务器`,
  handedOver: (amount) => `以下 ${amount} 台编码服务器需要人工处理，不再自动重启：`,
  takeBack: () =>
    '服务器持续正常满一个冷却期后会自动重新纳入管理。如需提前恢复自动重启，请取回（ack）：DELETE /handed-over/{encode_server_id}',
  abnormal: (amount) => `目前有 ${amount} 台编码服务器异常：`,
  recurring: (amount) =>
    `以下 ${amount} 台编码服务器重启后恢复，但反复异常，请排查原因，或将其排除（PUT /exclusions/{id}）：`,
  times: (restarts) => `重启 ${restarts} 次`,
  abnormalUnknown: () => '无法向 CPH 查询目前哪些编码服务器异常，情况不明。',
  others: (amount) =>
    `有 ${amount} 台编码服务器既非运行也非异常（重启中、创建中、已冻结或已关机），不会重启。如长时间如此，请在 CPH 控制台查看。`,
  since: (at) => `自 ${at} 起`,
  underWay: () => '正在处理',
  storm: (since, canaries) => `自 ${since} 起发生大面积故障，每轮只重启 ${canaries} 台，请排查共同原因。`,
  paused: (who, why, until) => `重启已被 ${who} 暂停至 ${until}：“${why}”。如需解除：DELETE /pause`,
  exclusions: (amount) => `人工设置了 ${amount} 个不重启的主机或服务器，可用 GET /exclusions 查看。`,
  undeliverable: (amount) =>
    `有 ${amount} 份报告未能送达，完整内容见日志。请检查主题和 smn:topic:publish 权限。`,
  maintenanceUnknown: () => '当前账号或区域无法查询主机的计划维护，重启时不会避开维护。',
};
