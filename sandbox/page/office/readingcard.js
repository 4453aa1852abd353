// One self reading in review 内复: what the citizen sent beside what CSMS knows; pass, put right, send back.

import { el } from '../dom.js';
import { csms } from './calls.js';
import { FLAGS, REJECTIONS, REQUEST_KINDS, REQUEST_STATES, billed, shortTime } from './words.js';
import { button, chip, choice, field, photoStrip, refusals } from './work.js';

/** `told(words)` says what came of it and looks again. */
export function readingCard(told) {
  const facts = el('div', { class: 'facts' });
  const pictures = el('div', { class: 'pictures' });
  const { node: refusal, attempt } = refusals();
  const text = field('说明', { placeholder: '改读数、退回时给市民看，可不填', maxlength: 100, testid: 'review-text' });
  const value = field('照片上是', { type: 'number', min: 0, step: 1, testid: 'review-value' });
  const reason = choice('原因', 'reason', REJECTIONS, { testid: 'review-reason' });
  const of = (label) => label.querySelector('input, select');
  let number = '';

  const decide = (call) => () => attempt(async () => {
    const decision = await call();
    await told(said(decision));
  });
  const actions = el('div', { class: 'actions' },
    el('div', { class: 'action-row' }, button('通过', 'review-accept', decide(() => csms.accept(number)), { class: 'primary' }), text),
    el('div', { class: 'action-row' },
      value, button('改读数', 'review-modify', () => of(value).reportValidity() && decide(() => csms.modify(number, of(value).valueAsNumber, of(text).value))()),
      reason, button('退回', 'review-reject', decide(() => csms.reject(number, of(reason).value, of(text).value)))),
    refusal);

  function show(entry) {
    number = entry.request_no;
    node.dataset.state = entry.state;
    actions.hidden = entry.state !== 'waiting';
    of(value).required = true;
    if (of(value).value === '') of(value).value = entry.payload.value ?? '';
    facts.replaceChildren(...factsOf(entry));
    pictures.replaceChildren(photoStrip(entry.photos));
    pictures.hidden = entry.photos.length === 0;
  }

  const node = el('li', { class: 'card-row', testid: 'review-card' }, el('div', { class: 'beside' }, pictures, facts), actions);
  return { node, show };
}

function factsOf(entry) {
  const { payload } = entry;
  const head = el('p', { class: 'card-head' },
    el('strong', {}, `${entry.owner_name} ${entry.acct_no}`), chip(REQUEST_STATES[entry.state] ?? entry.state, entry.state));
  const foot = el('p', { class: 'quiet' }, `${REQUEST_KINDS[entry.kind.toLowerCase()] ?? entry.kind} ${entry.request_no} · ${shortTime(entry.created_at)}`);
  const remark = entry.remark ? [el('p', {}, entry.remark)] : [];
  if (payload.value === undefined) return [head, ...remark, foot];
  const moved = entry.state === 'waiting' && entry.last_value !== null && entry.last_value !== payload.prev_value;
  return [
    head,
    el('p', { class: 'quiet' }, `${entry.address} · 表号 ${entry.meter_code}`),
    el('p', { class: 'dial' }, `${payload.prev_value} → `, el('b', {}, String(payload.value)), el('span', {}, `${payload.volume_m3} m³`),
      ...(payload.flags ?? []).map((flag) => chip(FLAGS[flag] ?? flag, 'warn'))),
    ...(moved ? [el('p', { class: 'bad' }, `上次读数现在是 ${entry.last_value}（${entry.last_read_on}）：请改读数，或退回`)] : []),
    ...remark,
    foot,
  ];
}

function said({ request_no, state, bill, visit_no }) {
  const what = `${request_no} ${REQUEST_STATES[state]}`;
  return `${bill ? billed(what, bill) : what}${visit_no ? `；连续自报满六次，要上门 ${visit_no}` : ''}`;
}
