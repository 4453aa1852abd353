// 业务办理: real names, transfers, spot checks and connections to be decided, and spot checks to draw. Started by office.js.

import { el } from '../dom.js';
import { applicationCard } from './applicationcard.js';
import { csms } from './calls.js';
import { ACCOUNT, cardList, field, lineForm } from './work.js';

const KINDS = ['real_name', 'transfer', 'override', 'cancel_real_name', 'spot_check', 'connection'];
const AT_ONCE = ['contact', 'bill_type'];

/** Answers a function that looks again, and counts what waits. */
export function startApplications(body, world, look) {
  const result = el('p', { class: 'result', role: 'status', testid: 'applications-result' });
  const told = (words) => {
    result.textContent = words;
    return look();
  };
  const filter = el('select', { 'aria-label': '显示哪些业务', testid: 'applications-filter', onchange: look },
    el('option', { value: 'waiting,underway' }, '待办'), el('option', { value: 'all' }, '全部'));
  const list = el('ol', { class: 'cards', 'aria-label': '业务办理' });
  const nothing = el('p', { class: 'empty' }, '没有待办的业务。在手机里办一次“实名登记”或“报装”，几秒钟后就到这里。');
  const show = cardList(list, (entry) => entry.request_no, (entry) => applicationCard(entry, told));

  body.append(
    el('div', { class: 'part-head' }, el('h3', {}, '业务办理'), filter), result, nothing, list,
    el('h3', {}, '抽检'), el('div', { class: 'side-by-side' }, oneForm(told), randomForm(told)));

  return async () => {
    const all = filter.value === 'all';
    const { requests } = await csms.queue(filter.value, all ? [...KINDS, ...AT_ONCE] : KINDS);
    show(all ? [...requests].reverse() : requests);
    nothing.hidden = requests.length > 0;
    return requests.filter((entry) => entry.state === 'waiting').length;
  };
}

function oneForm(told) {
  return lineForm('抽检一户', [field('户号', { ...ACCOUNT, testid: 'check-account' })], { label: '抽检这户', testid: 'check-draw' },
    async ({ acct_no }) => told(drawn(await csms.draw(acct_no))));
}

function randomForm(told) {
  return lineForm('随机抽检', [
    field('随机抽几户', { name: 'count', type: 'number', min: 1, max: 100, step: 1, required: true, value: 5, testid: 'check-count' }),
  ], { label: '随机抽检', testid: 'check-draw-random' }, async ({ count }) => told(drawn(await csms.drawAtRandom(Number(count)))));
}

function drawn(answer) {
  if (answer.drawn.length === 0) return '没有可抽的户号';
  const listed = answer.drawn.map((check) => `${check.acct_no}（${check.check_no}）`).join('，');
  return `已抽 ${answer.drawn.length} 户，${answer.drawn[0].answer_by} 前回复：${listed}`;
}
