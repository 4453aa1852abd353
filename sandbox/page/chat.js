// The list of bubbles: keeps them in order of seq, stamps the time, sticks to the bottom unless the reader
// scrolled up. Called by phone.js.

import { bubbleRow, millis, stampRow, stampText } from './bubbles.js';
import { byId, el, toast } from './dom.js';

const STAMP_GAP_MS = 5 * 60 * 1000;
const NEAR_BOTTOM_PX = 60;

/** `taps` as bubbles.js wants them; `nowMs()` is the sandbox's clock. */
export function createChat(taps, nowMs) {
  const scroller = byId('chat');
  const list = byId('bubbles');
  const toBottom = byId('to-bottom');
  let rows = new Map(); // seq → {row, at}
  let last = { seq: -Infinity, at: -Infinity };
  let stuck = true;
  let lastTop = 0;

  const stick = () => { if (stuck) scroller.scrollTop = scroller.scrollHeight; };
  const goDown = () => { stuck = true; stick(); };

  // Only a movement upwards is the reader's wish: the end also moves away when something grows.
  scroller.addEventListener('scroll', () => {
    const left = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    if (left < NEAR_BOTTOM_PX) stuck = true;
    else if (scroller.scrollTop < lastTop) stuck = false;
    lastTop = scroller.scrollTop;
    if (stuck) toBottom.hidden = true;
  }, { passive: true });
  // Pictures that load late and a keyboard that opens change heights; the end of the talk stays in view.
  const watch = new ResizeObserver(stick);
  watch.observe(scroller);
  watch.observe(list);
  toBottom.addEventListener('click', goDown);

  function clear() {
    rows = new Map();
    last = { seq: -Infinity, at: -Infinity };
    list.replaceChildren();
    toBottom.hidden = true;
    stuck = true;
  }

  function stamped(bubble, citizen) {
    const at = millis(bubble.at);
    const row = bubbleRow(bubble, citizen, taps);
    const out = at - last.at > STAMP_GAP_MS ? [stampRow(stampText(at, nowMs())), row] : [row];
    rows.set(bubble.seq, row);
    last = { seq: bubble.seq, at };
    return out;
  }

  /** A bubble that overtook an earlier one on the wire goes back to its place. */
  function insertLate(bubble, citizen) {
    const next = [...rows.keys()].filter((seq) => seq > bubble.seq).sort((a, b) => a - b)[0];
    const row = bubbleRow(bubble, citizen, taps);
    rows.get(next).before(row);
    rows.set(bubble.seq, row);
  }

  function add(bubbles, citizen) {
    const fresh = bubbles.filter((bubble) => !rows.has(bubble.seq)).sort((a, b) => a.seq - b.seq);
    if (fresh.length === 0) return;
    const atEnd = document.createDocumentFragment();
    for (const bubble of fresh) {
      if (bubble.seq > last.seq) atEnd.append(...stamped(bubble, citizen));
      else insertLate(bubble, citizen);
    }
    placeBeforePending(atEnd);
    if (fresh.some((bubble) => bubble.who === 'citizen')) goDown();
    else if (!stuck) toBottom.hidden = false;
    stick();
  }

  function placeBeforePending(fragment) {
    const pending = list.querySelector('.pending');
    if (pending) pending.before(fragment);
    else list.append(fragment);
  }

  /** A bubble of this page alone, until the sandbox has it. Answers its row. */
  function pend(bubble, citizen) {
    const row = bubbleRow({ who: 'citizen', ...bubble }, citizen, taps);
    row.classList.add('pending');
    delete row.dataset.testid;
    list.append(row);
    goDown();
    return row;
  }

  /** What could not be sent stays, with WeChat's red mark to try again. */
  function fail(row, reason, retry) {
    row.classList.add('failed');
    const mark = el('button', { type: 'button', class: 'retry', 'aria-label': `发送失败：${reason}。点按重发`, title: reason, onclick: () => { row.remove(); retry(); } }, '!');
    row.querySelector('.said').append(mark);
    toast(`没有发出去：${reason}`);
  }

  const announce = (on) => byId('log').setAttribute('aria-live', on ? 'polite' : 'off');

  return { add, announce, clear, fail, goDown, pend };
}
