// 停水公告: what the hotline has published; who reports a fault there is told of it. Part of tickets.js.

import { el } from '../dom.js';
import { desk } from './calls.js';
import { OUTAGE_KINDS, shortTime } from './words.js';
import { button, cardList, chip, choice, field, lineForm, refusals } from './work.js';

const HOUR_MS = 3_600_000;
const KINDS = Object.fromEntries(OUTAGE_KINDS);
const SHANGHAI = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });
const forInput = (ms) => SHANGHAI.format(ms).replace(' ', 'T');

export function outages(world, look) {
  const list = el('ol', { class: 'cards', 'aria-label': '停水公告' });
  const nothing = el('p', { class: 'empty' }, '没有停水公告。发布一个，再到那条路上报修：会先说正在停水。');
  const show = cardList(list, (outage) => outage.outage_no, () => outageCard(world, look));
  const starts = field('开始', { name: 'starts_at', type: 'datetime-local', required: true });
  const ends = field('恢复', { name: 'ends_at', type: 'datetime-local', required: true });
  const propose = () => {
    starts.querySelector('input').defaultValue = forInput(world.nowMs());
    ends.querySelector('input').defaultValue = forInput(world.nowMs() + 4 * HOUR_MS);
  };
  const form = lineForm('发布停水', [
    choice('类型', 'kind', OUTAGE_KINDS),
    field('范围', { name: 'area', required: true, maxlength: 60, placeholder: '望江路沿线，市民会看到', testid: 'outage-area' }),
    field('原因', { name: 'reason', required: true, maxlength: 60, value: '管网抢修', testid: 'outage-reason' }),
    field('路名', { name: 'word', required: true, maxlength: 20, placeholder: '望江路', title: '地址里有这几个字的都算', testid: 'outage-word' }),
    starts, ends,
  ], { label: '发布停水', testid: 'outage-publish' }, async (values) => {
    await desk.publish(values);
    propose();
    await look();
  });
  const more = el('details', { class: 'more-work' }, el('summary', { testid: 'outage-new' }, '发布停水'), form);
  more.addEventListener('toggle', propose);

  return {
    node: el('section', { class: 'office-body', 'aria-label': '停水公告' }, el('h3', {}, '停水公告'), nothing, list, more),
    show(items) {
      nothing.hidden = items.length > 0;
      show(items);
    },
  };
}

function outageCard(world, look) {
  const facts = el('div', { class: 'facts' });
  const { node: refusal, attempt } = refusals();
  let number = '';
  const over = button('结束停水', 'outage-end', () => attempt(async () => {
    await desk.end(number);
    await look();
  }));

  function show(outage) {
    number = outage.outage_no;
    const past = Boolean(outage.ended_at) || Date.parse(outage.ends_at) <= world.nowMs();
    over.hidden = past;
    node.dataset.state = past ? 'closed' : 'new';
    facts.replaceChildren(
      el('p', { class: 'card-head' }, el('strong', {}, outage.area), chip(past ? '已结束' : KINDS[outage.kind] ?? outage.kind, past ? 'closed' : 'warn')),
      el('p', {}, `${shortTime(outage.starts_at)} 至 ${shortTime(outage.ended_at ?? outage.ends_at)} · ${outage.reason}`),
      el('p', { class: 'quiet' }, `${outage.outage_no}${outage.word ? ` · 地址含“${outage.word}”` : ''}${outage.radius_m ? ` · 周围 ${outage.radius_m} 米` : ''}`));
  }

  const node = el('li', { class: 'card-row flat', testid: 'outage-card' }, facts, el('div', { class: 'action-row' }, over), refusal);
  return { node, show };
}
