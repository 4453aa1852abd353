// 官网: the website's editors, who publish outages and water quality; the server reads them once a minute. Started by office.js.

import { el } from '../dom.js';
import { site } from './calls.js';
import { NOTICE_STATES, OUTAGE_KINDS, POINT_KINDS, QUALITY_RESULTS, shortTime } from './words.js';
import { button, cardList, chip, choice, field, lineForm, refusals } from './work.js';

const HOUR_MS = 3_600_000;
const KINDS = Object.fromEntries(OUTAGE_KINDS);
const POINTS = Object.fromEntries(POINT_KINDS);
const OPEN = ['published', 'extended'];
const SHANGHAI = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });
const forInput = (ms) => SHANGHAI.format(ms).replace(' ', 'T');

export function startWebsite(body, world, look) {
  const nothing = el('p', { class: 'empty' }, '官网没有停水公告。发布一条，一分钟内市民就能查到。');
  const list = el('ol', { class: 'cards', 'aria-label': '官网停水公告，最新的在最前' });
  const show = cardList(list, (notice) => notice.id, () => noticeCard(world, look));
  const points = el('ul', { class: 'events', 'aria-label': '最近的水质公示' });
  body.append(
    el('p', { class: 'quiet' }, '公告和水质以官网为准，服务每分钟来取一次。', el('a', { href: 'website/', target: '_blank', rel: 'noopener' }, '看官网')),
    el('h3', {}, '停水公告'), nothing, list, publishForm(world, look),
    el('h3', {}, '水质公示'), points, qualityForm(look));

  return async () => {
    const [{ notices }, { values }] = await Promise.all([site.notices(), site.quality()]);
    show(notices);
    nothing.hidden = notices.length > 0;
    points.replaceChildren(...latest(values).map(pointLine));
    return 0;
  };
}

function publishForm(world, look) {
  const starts = field('开始', { name: 'starts_at', type: 'datetime-local', required: true });
  const ends = field('恢复', { name: 'ends_at', type: 'datetime-local', required: true });
  const propose = () => {
    starts.querySelector('input').defaultValue = forInput(world.nowMs());
    ends.querySelector('input').defaultValue = forInput(world.nowMs() + 4 * HOUR_MS);
  };
  const form = lineForm('发布停水公告', [
    choice('类型', 'kind', OUTAGE_KINDS),
    field('范围', { name: 'area', required: true, maxlength: 60, placeholder: '望江路沿线，市民会看到', testid: 'notice-area' }),
    field('路名、小区', { name: 'places', maxlength: 100, placeholder: '望江路、翠湖花园', title: '地址里有这些字的户号会先看到', testid: 'notice-places' }),
    field('原因', { name: 'reason', maxlength: 60, value: '管道抢修' }),
    starts, ends,
    field('提示', { name: 'tips', maxlength: 60, placeholder: '请提前储水' }),
  ], { label: '发布', testid: 'notice-publish' }, async (values) => {
    await site.publish(values);
    propose();
    await look();
  });
  const more = el('details', { class: 'more-work' }, el('summary', { testid: 'notice-new' }, '发布停水公告'), form);
  more.addEventListener('toggle', propose);
  return more;
}

function qualityForm(look) {
  return lineForm('公布水质', [
    field('水厂或测点', { name: 'plant', required: true, maxlength: 30, value: '城东水厂', testid: 'quality-plant' }),
    choice('哪种水', 'kind', POINT_KINDS, { testid: 'quality-kind' }),
    choice('结果', 'result', QUALITY_RESULTS, { testid: 'quality-result' }),
  ], { label: '公布今天的水质', testid: 'quality-publish' }, async (values) => {
    await site.publishQuality(values);
    await look();
  });
}

function noticeCard(world, look) {
  const facts = el('div', { class: 'facts' });
  const { node: refusal, attempt } = refusals();
  let notice = null;
  const act = (work) => () => attempt(async () => {
    await work(notice);
    await look();
  });
  const until = el('input', { type: 'datetime-local', 'aria-label': '延长到', testid: 'notice-until' });
  const actions = el('div', { class: 'action-row' },
    until,
    button('延长', 'notice-extend', act(({ id }) => site.extend(id, until.value))),
    button('已恢复', 'notice-restore', act(({ id }) => site.restore(id))),
    button('取消', 'notice-cancel', act(({ id }) => site.cancel(id))));

  function show(now) {
    notice = now;
    actions.hidden = !OPEN.includes(now.status);
    node.dataset.state = actions.hidden ? 'closed' : 'new';
    until.value = forInput(Date.parse(now.ends_at) + 2 * HOUR_MS);
    facts.replaceChildren(
      el('p', { class: 'card-head' }, el('strong', {}, now.area), chip(KINDS[now.kind] ?? now.kind), chip(NOTICE_STATES[now.status] ?? now.status, actions.hidden ? 'closed' : 'warn')),
      el('p', {}, `${shortTime(now.starts_at)} 至 ${shortTime(now.ends_at)}${now.reason ? ` · ${now.reason}` : ''}`),
      el('p', { class: 'quiet' }, `${now.id} 第${now.version}版${now.places.length > 0 ? ` · ${now.places.join('、')}` : ''}${now.tips ? ` · ${now.tips}` : ''}`));
  }

  const node = el('li', { class: 'card-row flat', testid: 'notice-card' }, facts, actions, refusal);
  return { node, show };
}

/** The latest day of each point: [{plant, kind, date, odd: [words]}]. */
function latest(values) {
  const points = new Map();
  for (const one of values) {
    const name = `${one.plant}/${one.kind}`;
    const point = points.get(name) ?? { plant: one.plant, kind: one.kind, date: one.date, odd: [] };
    points.set(name, point);
    if (one.date !== point.date) continue;
    if (one.ok === false) point.odd.push(`${one.item}超标`);
    if (!one.value) point.odd.push(`${one.item}没有公布`);
  }
  return [...points.values()];
}

function pointLine({ plant, kind, date, odd }) {
  return el('li', { testid: 'quality-point' }, el('p', {}, `${plant}${POINTS[kind] ?? kind}`, el('time', {}, date),
    el('span', { class: 'about' }, odd.length > 0 ? odd.join('、') : '全部合格')));
}
