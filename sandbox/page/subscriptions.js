// 订阅通知: the sheet that an article of the account shows and what the reader answers (called by attach.js),
// and the page where notices are switched off again (called by profile.js).

import { api } from './api.js';
import { el, toast } from './dom.js';
import { raise } from './sheets.js';

const MOST_AT_ONCE = 3;

/** WeChat shows up to three templates at once; here the reader says which. */
export async function subscriptionSheet(openid) {
  const { templates } = await api.pushTemplates();
  const dialog = el('dialog', { class: 'sheet', 'aria-label': '订阅通知', testid: 'subscriptions' });
  const form = el('form', { method: 'dialog' });
  form.append(el('p', { class: 'sheet-title' }, '公众号申请给你发送以下通知'));
  form.append(...templates.map(({ id, title }) => choice(id, title)));
  form.addEventListener('change', () => holdToMost(form));
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

function holdToMost(form) {
  const boxes = [...form.querySelectorAll('[name="template"]')];
  const full = boxes.filter((box) => box.checked).length >= MOST_AT_ONCE;
  for (const box of boxes) box.disabled = full && !box.checked;
}

export async function managementSheet(openid) {
  const { subscriptions } = await api.subscriptions(openid);
  const dialog = el('dialog', { class: 'sheet', 'aria-label': '通知管理', testid: 'notice-management' });
  dialog.append(el('p', { class: 'sheet-title' }, subscriptions.length ? '已订阅的通知' : '还没有订阅这个公众号的通知'));
  dialog.append(el('ul', { class: 'notices' }, ...subscriptions.map((one) => subscribedRow(openid, one, dialog))));
  dialog.append(el('div', { class: 'sheet-buttons one' }, el('button', { type: 'button', onclick: () => dialog.close() }, '完成')));
  raise(dialog);
}

function subscribedRow(openid, { id, title, left }, dialog) {
  const off = async () => {
    dialog.close();
    try {
      await api.switchOffSubscription(openid, id);
      toast(`已关闭：${title}`);
    } catch (error) {
      toast(`没有成功：${error.message}`);
    }
  };
  return el('li', {}, el('span', {}, title), el('span', { class: 'quiet' }, left === null ? '长期' : `还可收 ${left} 次`),
    el('button', { type: 'button', onclick: off }, '关闭'));
}

async function answer(openid, form, accepted) {
  const given = new FormData(form);
  const chosen = given.getAll('template');
  if (!chosen.length) return;
  try {
    await api.answerSubscriptions(openid, Object.fromEntries(chosen.map((id) => [id, accepted])), given.has('for_good'));
    toast(accepted ? '已允许' : '已拒绝');
  } catch (error) {
    toast(`没有成功：${error.message}`);
  }
}
