/** What people are told that is no run, in Chinese (zh-CN). */

import type { Notice } from '../messages.ts';
import type { EpochMs } from '../time.ts';
import { unreachable } from '../types.ts';
import type { NoticeLabels, NoticeText } from './notice-words.ts';
import { errorText, hoursAndMinutes, moment } from './words.ts';

export const chineseNoticeLabels: NoticeLabels = {
  happened: '情况：',
  byItself: '自动处理：',
  toDo: '需要您做：',
  ids: '相关 ID：',
  at: '时间：',
};

function span(from: EpochMs, to: EpochMs): string {
  const [hours, minutes] = hoursAndMinutes(from, to);
  return hours === 0 ? `${minutes} 分钟` : `${hours} 小时 ${minutes} 分钟`;
}

export function chineseNotice(notice: Notice): NoticeText {
  switch (notice.code) {
    case 'storm_began': {
      const { troubled, hosts, fleet } = notice;
      return {
        headline: `大面积故障：${fleet} 台编码服务器中有 ${troubled} 台异常，涉及 ${hosts} 台主机`,
        happened: '这么多服务器同时异常，多半有共同的原因，而不是个别服务器卡死。',
        byItself:
          '每十分钟只试探性重启 1 台，一轮全部恢复后下一轮数量翻倍，其余一律等待。故障结束后会再通知您。',
        toDo: '请先排查共同原因：最近的变更、网络、CPH 控制台、华为云公告。如仍需重启个别服务器，请在 `POST /restarts` 中指定其 ID，并放行（override）`storm` 检查。',
      };
    }
    case 'storm_ended':
      return {
        headline: `大面积故障已结束，持续 ${span(notice.since, notice.at)}`,
        happened: `异常的编码服务器已降至正常水平。故障始于 ${moment(notice.since)}。`,
        byItself: '已恢复正常的重启节奏，仍异常的服务器会依次处理。',
        toDo: '无需操作，每日摘要会列出遗留的服务器。',
      };
    case 'host_out_of_service':
      return {
        headline: `主机 ${notice.serverId} 未正常服务，涉及 ${notice.encodeServerIds.length} 台编码服务器`,
        happened: `自 ${moment(notice.since)} 起，CPH 显示该主机状态码为 ${notice.status}（5 为正常服务）。`,
        byItself: '主机恢复之前，不重启其上的编码服务器；恢复之后，仍异常的会自动重启。',
        toDo: '请在 CPH 控制台检查并重启该主机，或向华为云提交工单。',
      };
    case 'pause_runs_long':
      return {
        headline: `重启仍处于暂停状态，至 ${moment(notice.pause.until)} 为止`,
        happened: `${notice.pause.who} 暂停了全部重启：“${notice.pause.why}”。`,
        byItself: `暂停期间不重启任何服务器，${moment(notice.pause.until)} 自动恢复。`,
        toDo: `请与 ${notice.pause.who} 确认是否仍需暂停；如不需要，请解除暂停：DELETE /pause。`,
      };
    case 'ledger_emptied':
      return {
        headline: '账本被清空',
        happened: '以往的重启记录已丢失，人工设置的暂停、不重启名单和转人工记录也一并丢失。',
        byItself: `为避免重复重启，在 ${moment(notice.until)} 之前（一个冷却期）不重启任何服务器，人工指定 ID 的服务器除外。`,
        toDo: '请查明 Redis 数据丢失的原因（被清空、未持久化即重启、内存淘汰等），并重新设置暂停和不重启名单：`PUT /pause`、`PUT /exclusions/{id}`。',
      };
    case 'ledger_away':
      return {
        headline: '账本没有响应，不重启任何服务器',
        happened: `${notice.since === undefined ? '' : `至少自 ${moment(notice.since)} 起，`}巡检得不到 Redis（${notice.where}）的响应：“${notice.reason}”。`,
        byItself:
          '没有以往的重启记录，就不重启任何服务器：告警、夜间重启和 HTTP 调用都会失败。Redis 恢复响应后，巡检会继续未完成的任务，并查找异常的服务器。在此之前，每半小时通知您一次。',
        toDo: '请在 DCS 控制台检查 Redis 实例是否运行、内存是否已满，再检查函数是否在其 VPC 内、安全组是否放行、LEDGER_URL 是否正确。如有不能等待的服务器，请在 CPH 控制台重启。',
      };
    case 'cph_away':
      return {
        headline: `CPH 自 ${moment(notice.since)} 起没有响应`,
        happened: `巡检每分钟查询异常的编码服务器，均未成功。最近一次返回：${errorText(notice.error)}。`,
        byItself: '看不到状态，就不重启任何服务器。CPH 恢复响应后，巡检会自动处理。',
        toDo: '请查看 CPH 控制台是否可用、华为云是否有该区域的公告；函数在 VPC 内时，需要 NAT 网关或终端节点。',
      };
    case 'not_authorised':
      return {
        headline: `华为云拒绝了我们的调用：${notice.error.code}`,
        happened: `返回信息：${errorText(notice.error)}。`,
        byItself: '目前无法重启任何服务器，下次告警或巡检时会再次尝试。',
        toDo: '请检查函数所用的委托及其 CPH 权限，并确认账号是否欠费或被冻结。',
      };
    case 'hardware':
      return {
        headline: `硬件事件 ${notice.event}：重启无法解决`,
        happened: `告警“${notice.alarmName}”报告硬件故障。`,
        byItself: '不会因此重启任何服务器。',
        toDo: '请向华为云提交工单，并将云手机迁离该主机。',
      };
    case 'template_without_is_alarm':
      return {
        headline: `无法识别“${notice.alarmName}”发来的告警`,
        happened: '其消息模板中没有 IsAlarm，告警会被当成恢复通知。',
        byItself: '这类消息不会触发重启；启用了巡检时，巡检仍会每分钟查找异常服务器。',
        toDo: '请在告警规则的消息模板中加入 IsAlarm，或改用默认模板。',
      };
    case 'alarm_unreadable':
      return {
        headline: '告警主题收到无法识别的消息',
        happened: `消息来自 ${notice.topicUrn}。${notice.said}。`,
        byItself: '此类内容不会引发重启；若启用了巡检，异常服务器仍会在一分钟内被发现。',
        toDo: '请让告警规则使用默认格式，或使用包含 IsAlarm 和 ResourceId 的 JSON 模板。今天内同类消息不再通知。',
      };
    default:
      return unreachable(notice);
  }
}
