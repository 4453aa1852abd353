// One application: what the citizen filed beside what CSMS knows, the papers side by side, and the decisions.

import { el } from '../dom.js';
import { decisions } from './decisions.js';
import { APPLICATION_STATES, CANCEL_REASONS, CONNECTION_KINDS, DOCUMENTS, REQUEST_KINDS, STAGES, shortTime } from './words.js';
import { chip, photoWall, refusals } from './work.js';

const STAGE_NAMES = Object.fromEntries(STAGES);

/** `told(words)` says what came of it and looks again. */
export function applicationCard(entry, told) {
  const facts = el('div', { class: 'facts' });
  const papers = el('div', {});
  const { node: refusal, attempt } = refusals();
  const panel = decisions(entry.kind.toLowerCase(), attempt, told);
  const actions = el('div', { class: 'actions' }, ...panel.rows, refusal);

  function show(now) {
    node.dataset.state = now.state;
    actions.hidden = !['waiting', 'underway'].includes(now.state);
    panel.show(now);
    facts.replaceChildren(...factsOf(now));
    papers.replaceChildren(photoWall(now.photos, ({ document }, at) => DOCUMENTS[document] ?? `照片 ${at + 1}`));
    papers.hidden = now.photos.length === 0;
  }

  const node = el('li', { class: 'card-row', testid: 'application-card' }, facts, papers, actions);
  return { node, show };
}

function factsOf(entry) {
  const kind = entry.kind.toLowerCase();
  const whose = [entry.owner_name, entry.acct_no].filter(Boolean).join(' ') || entry.private.name || '';
  return [
    el('p', { class: 'card-head' }, el('strong', {}, `${REQUEST_KINDS[kind] ?? entry.kind} ${whose}`), chip(APPLICATION_STATES[entry.state] ?? entry.state, entry.state)),
    line(entry.address && `${entry.address} · 表号 ${entry.meter_code}`, 'quiet'),
    line(applicant(entry.private)),
    ...(FACTS[kind]?.(entry) ?? []),
    line(entry.remark),
    line(`${entry.request_no} · ${shortTime(entry.created_at)}`, 'quiet'),
  ].filter(Boolean);
}

const line = (words, kind = '') => (words ? el('p', { class: kind }, words) : null);

function applicant({ name, id_no, mobile, email }) {
  return [name && `申请人 ${name}`, id_no && `证件 ${id_no}`, mobile && `手机 ${mobile}`, email && `邮箱 ${email}`].filter(Boolean).join(' · ');
}

const onFile = (entry) => line(entry.real_name ? `现在的实名：${entry.real_name}` : '还没有实名');

/** The reading in the photo, and the barcode that was typed, against what is on file. */
function dial({ payload, last_value, meter_code }) {
  const fits = meter_code && meter_code.endsWith(payload.meter_code.toUpperCase());
  return el('p', { class: 'dial' }, `${last_value ?? '？'} → `, el('b', {}, String(payload.value)), el('span', {}, `${payload.read_on} · 条码 ${payload.meter_code}`),
    fits ? null : chip('条码与在用水表不符', 'warn'));
}

function arrears({ payload, owed, state }) {
  if (state !== 'waiting' || Number(owed) === 0) return null;
  const taken = payload.arrears === 'take_over';
  return el('p', { class: taken ? '' : 'bad' }, `欠费 ${owed} 元${taken ? '，由新户主承担' : ''}`);
}

function stages(entry) {
  if (entry.stages.length === 0) return null;
  return el('ol', { class: 'stages', 'aria-label': '走过的阶段' }, ...entry.stages.map((one) => el('li', { title: one.text },
    `${STAGE_NAMES[one.stage] ?? one.stage}${one.promised_on ? `（下一步 ${one.promised_on} 前）` : ''}`)));
}

const FACTS = {
  real_name: (entry) => [onFile(entry)],
  transfer: (entry) => [onFile(entry), dial(entry), arrears(entry), line(entry.payload.benefit ? '已告知市民：有过户优惠' : '已告知市民：没有过户优惠')],
  override: (entry) => [onFile(entry), dial(entry), arrears(entry)],
  cancel_real_name: (entry) => [onFile(entry), line([CANCEL_REASONS[entry.payload.reason], entry.payload.details].filter(Boolean).join('：'))],
  spot_check: (entry) => [dial(entry), line(`抽检 ${entry.payload.check_no}`, 'quiet')],
  connection: ({ payload, ...entry }) => [
    line(`${CONNECTION_KINDS[payload.kind] ?? payload.kind} · ${payload.address}`), line(payload.details && `“${payload.details}”`), stages(entry),
  ],
  contact: ({ payload }) => [line(`改：${payload.changes}`)],
  bill_type: ({ payload }) => [line(payload.paper ? '要纸质账单' : '不要纸质账单')],
};
