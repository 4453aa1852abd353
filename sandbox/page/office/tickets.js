// 热线工单: the hotline's tickets, newest first, and the outages it has published. Started by office.js.

import { el } from '../dom.js';
import { desk } from './calls.js';
import { outages } from './outages.js';
import { ticketCard } from './ticketcard.js';
import { subject } from './words.js';
import { cardList } from './work.js';

const OPEN = ['new', 'assigned', 'on_way', 'working'];

export function startTickets(body, world, look) {
  const nothing = el('p', { class: 'empty' }, '没有工单。在手机里办一次“报修”“投诉”或“咨询”，几秒钟后就到这里。');
  const list = el('ol', { class: 'cards', 'aria-label': '热线工单，最新的在最前' });
  const show = cardList(list, (ticket) => ticket.ticket_no, () => ticketCard(look));
  const published = outages(world, look);
  body.append(nothing, list, published.node);

  return async () => {
    const [{ tickets }, listed] = await Promise.all([desk.tickets(), desk.outages()]);
    const open = tickets.filter((ticket) => OPEN.includes(ticket.state));
    show(tickets.map((ticket) => ({ ...ticket, others: mergeable(ticket, open).map(named) })));
    published.show(listed.outages);
    nothing.hidden = tickets.length > 0;
    return open.length;
  };
}

// A complaint and a question are one citizen's.
const mergeable = (ticket, open) => open.filter((other) => other !== ticket && ticket.kind === 'fault' && other.kind === 'fault');
const named = (ticket) => [ticket.ticket_no, `${ticket.ticket_no} ${subject(ticket)} ${ticket.place}`];
