// 热线工单: the hotline's tickets, newest first, and the outages it has published. Started by office.js.

import { el } from '../dom.js';
import { desk } from './calls.js';
import { outages } from './outages.js';
import { ticketCard } from './ticketcard.js';
import { cardList } from './work.js';

const OPEN = ['new', 'assigned', 'on_way', 'working'];

export function startTickets(body, world, look) {
  const nothing = el('p', { class: 'empty' }, '没有工单。市民在手机里办完“报修”，几秒钟后这里就会出现。');
  const list = el('ol', { class: 'cards', 'aria-label': '热线工单，最新的在最前' });
  let open = [];
  const show = cardList(list, (ticket) => ticket.ticket_no, () => ticketCard(look, () => open));
  const published = outages(world, look);
  body.append(nothing, list, published.node);

  return async () => {
    const [{ tickets }, listed] = await Promise.all([desk.tickets(), desk.outages()]);
    open = tickets.filter((ticket) => OPEN.includes(ticket.state));
    show(tickets);
    published.show(listed.outages);
    nothing.hidden = tickets.length > 0;
    return open.length;
  };
}
