// One ticket of the hotline: who reported what and where; moved on with a word for the citizen, or merged.

import { el } from '../dom.js';
import { desk } from './calls.js';
import { REQUEST_KINDS, SIDES, TICKET_STATES, shortTime, subject } from './words.js';
import { button, chip, field, photoStrip, refusals } from './work.js';

const OPEN = ['new', 'assigned', 'on_way', 'working'];
// From which states each step may be taken, as sandbox/hotline/staff.py has it.
const STEPS = [
  ['assign', '派单', ['new']], ['on_way', '出发', ['new', 'assigned']], ['working', '处理中', ['new', 'assigned', 'on_way']],
  ['done', '处理好', OPEN], ['close', '办结', ['done']], ['return', '退回', OPEN], ['cancel', '取消', OPEN],
];
const WITH_REASON = ['return', 'cancel'];
const ANSWER = '答复'; // what 处理好 is to a complaint and a question

/** `look()` looks again; a ticket's `others`, [[number, name]], are those that it may be merged into. */
export function ticketCard(look) {
  const facts = el('div', { class: 'facts' });
  const pictures = el('div', { class: 'pictures' });
  const { node: refusal, attempt } = refusals();
  const words = field('对市民说', { placeholder: '退回、取消、答复必填', maxlength: 200, testid: 'ticket-text' });
  const text = words.querySelector('input');
  const target = el('select', { 'aria-label': '并入哪个工单', testid: 'ticket-into' });
  let ticket = null;

  const step = (action) => () => attempt(async () => {
    const needed = WITH_REASON.includes(action) ? '退回和取消要写明原因，市民会看到' : '先写答复的话，市民会看到';
    if ((WITH_REASON.includes(action) || (action === 'done' && ticket.kind !== 'fault')) && text.value.trim() === '') {
      text.focus();
      throw new Error(needed);
    }
    await desk.act(ticket.ticket_no, action, text.value);
    text.value = '';
    await look();
  });
  const join = () => attempt(async () => {
    if (target.value === '') throw new Error('先选并入哪个工单');
    await desk.join(ticket.ticket_no, target.value);
    await look();
  });
  const steps = STEPS.map(([action, label]) => button(label, `ticket-${action}`, step(action)));
  const merging = el('span', { class: 'merge' }, target, button('并单', 'ticket-join', join));
  const actions = el('div', { class: 'actions' }, el('div', { class: 'action-row' }, words, merging), el('div', { class: 'action-row' }, ...steps), refusal);

  function show(now) {
    ticket = now;
    node.dataset.state = ticket.state;
    const asked = ticket.kind !== 'fault';
    for (const [at, [action, label, from]] of STEPS.entries()) {
      steps[at].disabled = !from.includes(ticket.state);
      steps[at].hidden = asked && action === 'on_way';
      steps[at].textContent = asked && action === 'done' ? ANSWER : label;
    }
    const next = steps.findIndex((one) => !one.disabled && !one.hidden);
    for (const [at, one] of steps.entries()) one.classList.toggle('primary', at === next);
    merging.hidden = !OPEN.includes(ticket.state) || ticket.others.length === 0;
    const chosen = target.value;
    target.replaceChildren(...[['', '并入…'], ...ticket.others].map(([value, name]) => el('option', { value }, name)));
    target.value = ticket.others.some(([value]) => value === chosen) ? chosen : '';
    actions.hidden = !OPEN.includes(ticket.state) && ticket.state !== 'done';
    const files = ticket.requests.flatMap((request) => request.files);
    facts.replaceChildren(...factsOf(ticket));
    pictures.replaceChildren(photoStrip(files));
    pictures.hidden = files.length === 0;
  }

  const node = el('li', { class: 'card-row', testid: 'ticket-card' }, el('div', { class: 'beside' }, pictures, facts), actions);
  return { node, show };
}

function factsOf(ticket) {
  const point = ticket.lat === null ? '' : `（${ticket.lat.toFixed(4)}，${ticket.lon.toFixed(4)}）`;
  const side = SIDES[ticket.side] ? ` · ${SIDES[ticket.side]}` : '';
  return [
    el('p', { class: 'card-head' },
      el('strong', {}, subject(ticket)), ticket.urgency ? chip(ticket.urgency, ticket.urgency === 'P1' ? 'warn' : '') : null,
      chip(TICKET_STATES[ticket.state] ?? ticket.state, ticket.state),
      ticket.urges ? chip(`催 ${ticket.urges} 次`, 'warn') : null,
      ticket.score ? chip(`评价 ${ticket.score} 分`, 'score') : null),
    ...(ticket.kind === 'fault' ? [el('p', {}, `${ticket.place || '只有位置'}${point}${side}`)] : []),
    ...(ticket.details ? [el('p', {}, `“${ticket.details}”`)] : []),
    ...(ticket.words ? [el('p', {}, `市民评价：“${ticket.words}”`)] : []),
    ...(ticket.joined_into ? [el('p', {}, `并入 ${ticket.joined_into}`)] : []),
    el('p', { class: 'quiet' }, `${ticket.ticket_no} · ${shortTime(ticket.opened_at)} · `,
      ticket.requests.map((request) => `${REQUEST_KINDS[request.kind] ?? request.kind} ${request.number}`).join('，')),
  ];
}
