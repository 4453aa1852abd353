// One visit that is due or booked: done with what was read on site, or nobody at home.

import { el } from '../dom.js';
import { csms } from './calls.js';
import { VISIT_REASONS, VISIT_STATES, billed } from './words.js';
import { button, chip, field, lineForm, refusals } from './work.js';

const REASONS = Object.fromEntries(VISIT_REASONS);

export function visitCard(told) {
  const facts = el('div', { class: 'facts' });
  const { node: refusal, attempt } = refusals();
  let number = '';
  const done = lineForm('上门办结', [
    field('现场读数', { name: 'value', type: 'number', min: 0, step: 1, required: true, testid: 'visit-value' }),
  ], { label: '办结', testid: 'visit-done' }, async ({ value }) => told(billed(`上门 ${number} 办结`, await csms.visitDone(number, Number(value)))));
  const missed = button('未遇', 'visit-missed', () => attempt(async () => {
    const { visit_no } = await csms.visitMissed(number);
    await told(`上门 ${number} 未遇，另约 ${visit_no}`);
  }), { title: '到了没有见到人：要另约一次' });

  function show(visit) {
    number = visit.visit_no;
    missed.hidden = visit.state !== 'booked';
    facts.replaceChildren(
      el('p', { class: 'card-head' }, el('strong', {}, `户号 ${visit.acct_no}`), chip(VISIT_STATES[visit.state] ?? visit.state, visit.state)),
      el('p', {}, visit.on ? `${visit.on} ${visit.band}${visit.reschedules ? `（已改约 ${visit.reschedules} 次）` : ''}` : '市民还没有选时间'),
      el('p', { class: 'quiet' }, `${REASONS[visit.reason] ?? visit.reason} · ${visit.visit_no}`));
  }

  const node = el('li', { class: 'card-row flat', testid: 'visit-card' }, facts, el('div', { class: 'action-row' }, done, missed), refusal);
  return { node, show };
}
