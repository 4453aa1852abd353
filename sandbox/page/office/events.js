// 事件: what CSMS has told the server through wx_event, newest first. Started by office.js.

import { el } from '../dom.js';
import { csms } from './calls.js';
import { EVENTS, shortTime } from './words.js';

const AT_ONCE = 1000;
const KEPT = 200;

export function startEvents(body) {
  const nothing = el('p', { class: 'empty' }, '还没有事件。在“内复与上门”里办一件事，营收系统就会在这里告诉服务器。');
  const rows = el('ol', { class: 'events', 'aria-label': '营收系统的事件，最新的在最前' });
  body.append(nothing, rows);
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
  };
}

function eventRow({ event_id, kind, at, acct_no, request_no, data }) {
  const about = [acct_no && `户号 ${acct_no}`, request_no].filter(Boolean).join(' · ');
  const told = Object.entries(data).map(([name, value]) => el('span', {}, el('i', {}, name), ` ${value}`));
  return el('li', { testid: 'office-event', title: `event_id ${event_id}` },
    el('p', {}, el('strong', {}, EVENTS[kind] ?? kind), el('code', {}, kind), el('span', { class: 'about' }, about), el('time', {}, shortTime(at))),
    told.length > 0 ? el('p', { class: 'told' }, ...told) : null);
}
