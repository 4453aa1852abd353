// What the three dots open: which notices come, whether any message comes, and leaving. Called by phone.js.

import { api } from './api.js';
import { toast } from './dom.js';
import { actionSheet } from './sheets.js';
import { managementSheet } from './subscriptions.js';

/** `unfollow()` asks before it leaves; `changed()` is told that the citizen is another now. */
export function profileSheet(citizen, { unfollow, changed }) {
  const { openid, blocks_pushes: blocked } = citizen;
  actionSheet('公众号资料', [
    { label: '通知管理', onpick: () => managementSheet(openid) },
    { label: blocked ? '重新接收消息' : '不再接收消息', onpick: () => block(openid, !blocked, changed) },
    { label: '取消关注', danger: true, onpick: unfollow },
  ]);
}

async function block(openid, blocked, changed) {
  try {
    await api.blockPushes(openid, blocked);
    toast(blocked ? '不再接收公众号推送的消息' : '会接收公众号推送的消息');
    await changed();
  } catch (error) {
    toast(`没有成功：${error.message}`);
  }
}
