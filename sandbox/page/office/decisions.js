// What staff may decide of an application, by its kind: buttons in rows, with the reasons and words that they need.

import { csms } from './calls.js';
import { APPLICATION_STATES, REJECTIONS, RETURN_REASONS, STAGES, billed } from './words.js';
import { el } from '../dom.js';
import { button, choice, field } from './work.js';

const of = (label) => label.querySelector('input, select');
const row = (...children) => el('div', { class: 'action-row' }, ...children);

/** Answers {rows, show(entry)}; `attempt(work)` shows in the card what is refused. */
export function decisions(kind, attempt, told) {
  const text = field('说明', { placeholder: '给市民看', maxlength: 100, testid: 'application-text' });
  let entry = null;

  /** A button that makes `call(number, words)`. */
  function decide(label, testid, call, attributes) {
    return button(label, testid, () => attempt(async () => {
      const decision = await call(entry.request_no, of(text).value);
      of(text).value = '';
      await told(said(decision));
    }), attributes);
  }

  const panel = PANELS[kind]?.(decide, text) ?? { rows: [] };
  return {
    rows: panel.rows,
    show(now) {
      entry = now;
      panel.show?.(now);
    },
  };
}

const PRIMARY = { class: 'primary' };
const NEEDS_WORDS = { title: '要写明原因，市民会看到' };

function holder(decide, text) {
  const reason = choice('原因', 'reason', RETURN_REASONS, { testid: 'application-reason' });
  return {
    rows: [row(decide('批准', 'application-approve', (no) => csms.approve(no), PRIMARY), reason,
      decide('退回', 'application-return', (no, words) => csms.sendBack(no, of(reason).value, words)), text)],
  };
}

function cancelling(decide, text) {
  return {
    rows: [row(decide('同意解除', 'application-approve', (no) => csms.approve(no), PRIMARY),
      decide('不同意', 'application-refuse', csms.turnDown, NEEDS_WORDS), text)],
  };
}

function check(decide, text) {
  const value = field('照片上是', { type: 'number', min: 0, step: 1, required: true, testid: 'application-value' });
  const reason = choice('原因', 'reason', REJECTIONS, { testid: 'application-reason' });
  const adjust = decide('改读数', 'application-adjust', (no, words) => {
    if (!of(value).reportValidity()) throw new Error('照片上的读数是整数');
    return csms.adjust(no, of(value).valueAsNumber, words);
  });
  return {
    rows: [
      row(decide('通过', 'application-pass', csms.pass, PRIMARY), text, decide('转上门', 'application-on-site', csms.onSite, { title: '照片说不清：派人上门抄表' })),
      row(value, adjust, reason, decide('请重拍', 'application-retake', (no, words) => csms.retake(no, of(reason).value, words))),
    ],
    show(entry) {
      if (of(value).value === '') of(value).value = entry.payload.value;
    },
  };
}

function connection(decide, text) {
  const stage = choice('到', 'stage', STAGES, { testid: 'application-stage' });
  const promised = field('下一步', { type: 'date', testid: 'application-promised', title: '承诺下一步在哪天之前' });
  const advance = decide('推进', 'application-advance', async (no, words) => {
    const decision = await csms.stage(no, of(stage).value, of(promised).value, words);
    of(promised).value = '';
    return decision;
  }, PRIMARY);
  let reached = null;
  return {
    rows: [
      row(stage, promised, advance),
      row(text, decide('退回补正', 'application-return', (no, words) => csms.sendBack(no, '', words), NEEDS_WORDS),
        decide('不予受理', 'application-refuse', csms.turnDown, NEEDS_WORDS)),
    ],
    show(entry) {
      const last = STAGES.findIndex(([word]) => word === entry.stages.at(-1)?.stage);
      if (last === reached) return;
      reached = last;
      of(stage).replaceChildren(...STAGES.slice(last + 1).map(([word, name]) => el('option', { value: word }, name)));
    },
  };
}

const PANELS = { real_name: holder, transfer: holder, override: holder, cancel_real_name: cancelling, spot_check: check, connection };

function said({ request_no, state, bill, visit_no }) {
  const what = `${request_no} ${APPLICATION_STATES[state] ?? state}`;
  return `${bill ? billed(what, bill) : what}${visit_no ? `：要上门 ${visit_no}` : ''}`;
}
