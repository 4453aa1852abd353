// 内复与上门: self readings to be judged, visits, and what staff do to an account by hand. Started by office.js.

import { el } from '../dom.js';
import { csms } from './calls.js';
import { readingCard } from './readingcard.js';
import { visitCard } from './visitcard.js';
import { VISIT_REASONS, billed } from './words.js';
import { ACCOUNT, cardList, choice, field, lineForm } from './work.js';

const READINGS = ['reading', 'visit', 'visit_change'];

/** Answers a function that looks again, and counts what waits. */
export function startReview(body, world, look) {
  const result = el('p', { class: 'result', role: 'status', testid: 'office-result' });
  const told = (words) => {
    result.textContent = words;
    return look();
  };
  const filter = el('select', { 'aria-label': '显示哪些申请', testid: 'office-filter', onchange: look },
    el('option', { value: 'waiting' }, '待内复'), el('option', { value: 'all' }, '全部'));
  const queue = el('ol', { class: 'cards', 'aria-label': '内复' });
  const nothing = el('p', { class: 'empty' }, '没有待内复的读数。在手机里办一次“自助抄表”，几秒钟后就到这里。');
  const visits = el('ol', { class: 'cards', 'aria-label': '上门' });
  const noVisits = el('p', { class: 'empty' }, '没有待上门的户号。用上面的“安排上门”让一户该上门，市民就会收到通知去预约。');
  const showQueue = cardList(queue, (entry) => entry.request_no, () => readingCard(told));
  const showVisits = cardList(visits, (visit) => visit.visit_no, () => visitCard(told));

  body.append(
    el('div', { class: 'part-head' }, el('h3', {}, '自助抄表内复'), filter), result, nothing, queue,
    el('h3', {}, '手工办理'), el('div', { class: 'side-by-side' }, billForm(told), paymentForm(told), visitForm(told)),
    el('h3', {}, '上门'), noVisits, visits);

  return async () => {
    const [{ requests }, listed] = await Promise.all([csms.queue(filter.value, READINGS), csms.visits()]);
    showQueue(filter.value === 'all' ? [...requests].reverse() : requests);
    showVisits(listed.visits);
    nothing.hidden = requests.length > 0;
    noVisits.hidden = listed.visits.length > 0;
    return requests.filter((entry) => entry.state === 'waiting').length;
  };
}

function billForm(told) {
  return lineForm('开账', [
    field('户号', { ...ACCOUNT, testid: 'bill-account' }),
    field('水量 m³', { name: 'volume', type: 'number', min: 0, step: 1, placeholder: '同往常', title: '不填就按这一户平时的用量', testid: 'bill-volume' }),
  ], { label: '开账', testid: 'bill-open' }, async ({ acct_no, volume }) => {
    const bill = await csms.bill(acct_no, volume === '' ? undefined : Number(volume));
    await told(billed(`户号 ${acct_no}`, bill));
  });
}

function paymentForm(told) {
  return lineForm('柜台收款', [
    field('户号', { ...ACCOUNT, testid: 'payment-account' }),
  ], { label: '收清欠费', testid: 'payment-take' }, async ({ acct_no }) => {
    const { pay_no, amount, bills } = await csms.pay(acct_no);
    await told(`户号 ${acct_no} 在柜台缴了 ${amount} 元，共 ${bills.length} 笔账单：${pay_no}`);
  });
}

function visitForm(told) {
  return lineForm('安排上门', [
    field('户号', { ...ACCOUNT, testid: 'visit-account' }),
    choice('原因', 'reason', VISIT_REASONS),
  ], { label: '安排上门', testid: 'visit-make-due' }, async ({ acct_no, reason }) => {
    const { visit_no } = await csms.visit(acct_no, reason);
    await told(`户号 ${acct_no} 要上门：${visit_no}`);
  });
}
