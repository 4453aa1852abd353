// The inspector: what platform and server said to each other, newest first. Fed by /api/inspector,
// started by main.js.

import { follow } from './api.js';
import { millis } from './bubbles.js';
import { byId, el } from './dom.js';
import { exchangePart } from './pretty.js';

const KEEP = 400; // older entries leave the page, so that a long demonstration stays quick
const KINDS = { callback: '回调', api: '接口', hotline: '热线', pay: '支付' };
const TIME = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** `told` is {onMenuChange(), onServiceChange(), onAway(info)}. */
export function startInspector(told) {
  const list = byId('entries');
  const filter = byId('inspector-filter');
  let problems = 0;

  const clear = () => {
    list.replaceChildren();
    problems = 0;
    showCount();
  };
  byId('inspector-clear').addEventListener('click', clear);
  filter.addEventListener('change', () => { list.dataset.filter = filter.value; });
  list.dataset.filter = 'all';

  function showCount() {
    byId('entries-empty').hidden = list.childElementCount > 0;
    const badge = byId('inspector-badge');
    badge.textContent = String(problems);
    badge.hidden = problems === 0;
  }

  function add(entries) {
    const rows = entries.map(entryRow).reverse();
    list.prepend(...rows);
    while (list.childElementCount > KEEP) list.lastElementChild.remove();
    problems += entries.filter((entry) => entry.problem).length;
    showCount();
  }

  follow('inspector', {
    signal: new AbortController().signal,
    onRestart: clear,
    onAway(info) {
      byId('inspector-net').hidden = info === null;
      if (info) byId('inspector-net').textContent = `连接不上沙盒，${info.pause_s} 秒后再试`;
      told.onAway(info);
    },
    onNews({ entries }) {
      add(entries);
      if (entries.some((entry) => /menu\/(create|delete)/.test(entry.title))) told.onMenuChange();
      if (entries.some(handsOver)) told.onServiceChange();
    },
  });
}

/** A person takes over or leaves: the platform says so in its answer or in an event kf_…. */
function handsOver({ kind, request, response }) {
  const said = `${request?.clear ?? ''}${response?.clear ?? ''}`;
  return kind === 'callback' && /transfer_customer_service|kf_(create|close|switch)_session/.test(said);
}

function entryRow(entry) {
  const bad = Boolean(entry.problem);
  const details = el('details', {},
    el('summary', {},
      el('span', { class: `kind ${entry.kind}` }, KINDS[entry.kind] ?? entry.kind),
      el('span', { class: 'entry-title' }, entry.title),
      el('span', { class: `code${bad ? ' bad' : ''}` }, String(entry.status ?? '')),
      el('span', { class: `ms${entry.ms > 4500 ? ' bad' : ''}` }, entry.ms === null || entry.ms === undefined ? '' : `${Math.round(entry.ms)} ms`),
      el('time', {}, TIME.format(millis(entry.at))),
      bad ? el('span', { class: 'problem' }, entry.problem) : null));
  // Hundreds of entries arrive, few are opened: the bodies are laid out when they are.
  details.addEventListener('toggle', () => {
    if (!details.open || details.querySelector('.exchange')) return;
    details.append(el('div', { class: 'exchange' }, el('h3', {}, '请求'), ...exchangePart(entry.request), el('h3', {}, '响应'), ...exchangePart(entry.response)));
  });
  return el('li', { class: 'entry', testid: 'inspector-entry', 'data-kind': entry.kind, 'data-problem': bad ? 'yes' : 'no' }, details);
}
