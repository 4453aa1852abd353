// 订阅通知: the sheet that an article of the account shows, and what the reader answers. Called by attach.js.

import { api } from './api.js';
import { el, toast } from './dom.js';
import { raise } from './sheets.js';

const MOST_AT_ONCE = 3;

/** Up to three templates at once, as WeChat shows them. */
export async function subscriptionSheet(openid) {
  const { templates } = await api.pushTemplates();
  const dialog = el('dialog', { class: 'sheet', 'aria-label': '订阅通知', testid: 'subscriptions' });
  const form = el('form', { method: 'dialog' });
  form.append(el('p', { class: 'sheet-title' }, '公众号申请给你发送以下通知'));
  for (const { id, title } of templates) form.append(choice(id, title));
  form.append(el('label', { class: 'choice' }, el('input', { type: 'checkbox', name: 'for_good' }), el('span', {}, '总是保持以上选择')));
  form.append(el('div', { class: 'sheet-buttons' },
    el('button', { type: 'submit', value: 'reject' }, '取消'),
    el('button', { type: 'submit', value: 'accept', class: 'primary' }, '允许')));
  form.addEventListener('submit', (event) => answer(openid, form, event.submitter.value === 'accept'));
  dialog.append(form);
  raise(dialog);
}

function choice(id, title) {
  return el('label', { class: 'choice' }, el('input', { type: 'checkbox', name: 'template', value: id }), el('span', {}, title));
}

async function answer(openid, form, accepted) {
  const given = new FormData(form);
  const chosen = given.getAll('template').slice(0, MOST_AT_ONCE);
  if (!chosen.length) return;
  try {
    await api.answerSubscriptions(openid, Object.fromEntries(chosen.map((id) => [id, accepted])), given.has('for_good'));
    toast(accepted ? '已允许' : '已拒绝');
  } catch (error) {
    toast(`没有成功：${error.message}`);
  }
}
