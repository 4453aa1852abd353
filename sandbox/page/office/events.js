// 事件: what CSMS has told the server through wx_event, newest first. Started by office.js.

import { el } from '../dom.js';
import { csms } from './calls.js';
import { EVENTS, shortTime } from './words.js';

const AT_ONCE = 1000;
const KEPT = 200;

export function startEvents(body) {
  const nothing = el('p', { class: 'empty' }, '还没有事件。在“内复与上门”里办一件事，营收系统就会在这里告诉服务器。');
  const rows = el('tbody', {});
  const table = el('table', { class: 'events', hidden: true, 'aria-label': '营收系统的事件，最新的在最前' },
    el('thead', {}, el('tr', {}, ...['时间', '事件', '户号', '申请', '内容'].map((name) => el('th', { scope: 'col' }, name)))), rows);
  body.append(nothing, table);
  let after = 0;

  return async () => {
    for (;;) {
      const { events, last } = await csms.events(after, AT_ONCE);
      after = last;
      rows.prepend(...events.map(eventRow).reverse());
      while (rows.childElementCount > KEPT) rows.lastElementChild.remove();
      if (events.length < AT_ONCE) break;
    }
    nothing.hidden = rows.childElementCount > 0;
    table.hidden = !nothing.hidden;
  };
}

function eventRow(event) {
  const data = Object.entries(event.data).map(([name, value]) => `${name} ${value}`).join('，');
  return el('tr', { testid: 'office-event', title: `event_id ${event.event_id}` },
    el('td', { class: 'quiet' }, shortTime(event.at)),
    el('td', {}, EVENTS[event.kind] ?? event.kind, el('code', {}, event.kind)),
    el('td', {}, event.acct_no), el('td', {}, event.request_no), el('td', { class: 'data' }, data));
}
