// The list of bubbles: keeps them in order of seq, stamps the time, sticks to the bottom unless the reader
// scrolled up. Called by phone.js.

import { bubbleRow, millis, stampRow, stampText } from './bubbles.js';
import { byId, el, toast } from './dom.js';

const STAMP_GAP_MS = 5 * 60 * 1000;
const NEAR_BOTTOM_PX = 60;
const NOTHING_YET = { seq: -Infinity, at: -Infinity };

export class Chat {
  #scroller = byId('chat');
  #list = byId('bubbles');
  #toBottom = byId('to-bottom');
  #rows = new Map(); // seq → row
  #last = NOTHING_YET;
  #stuck = true;
  #lastTop = 0;
  #taps;
  #nowMs;

  /** `taps` as bubbles.js wants them; `nowMs()` is the sandbox's clock. */
  constructor(taps, nowMs) {
    this.#taps = taps;
    this.#nowMs = nowMs;
    this.#scroller.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.#toBottom.addEventListener('click', () => this.goDown());
    // Pictures that load late and a keyboard that opens change heights; the end of the talk stays in view.
    const watch = new ResizeObserver(() => this.#stick());
    watch.observe(this.#scroller);
    watch.observe(this.#list);
  }

  clear() {
    this.#rows = new Map();
    this.#last = NOTHING_YET;
    this.#list.replaceChildren();
    this.goDown();
  }

  goDown() {
    this.#stuck = true;
    this.#toBottom.hidden = true;
    this.#stick();
  }

  add(bubbles, citizen) {
    const fresh = bubbles.filter((bubble) => !this.#rows.has(bubble.seq)).sort((a, b) => a.seq - b.seq);
    if (fresh.length === 0) return;
    const atEnd = document.createDocumentFragment();
    for (const bubble of fresh) {
      if (bubble.seq > this.#last.seq) atEnd.append(...this.#stamped(bubble, citizen));
      else this.#insertLate(bubble, citizen);
    }
    const pending = this.#list.querySelector('.pending');
    if (pending) pending.before(atEnd);
    else this.#list.append(atEnd);
    if (fresh.some((bubble) => bubble.who === 'citizen')) this.goDown();
    else if (!this.#stuck) this.#toBottom.hidden = false;
    this.#stick();
  }

  /** A bubble of this page alone, until the sandbox has it. Answers its row. */
  pend(bubble, citizen) {
    const row = bubbleRow({ who: 'citizen', ...bubble }, citizen, this.#taps);
    row.classList.add('pending');
    delete row.dataset.testid;
    this.#list.append(row);
    this.goDown();
    return row;
  }

  /** What could not be sent stays, with WeChat's red mark to try again. */
  fail(row, reason, retry) {
    const again = () => {
      row.remove();
      retry();
    };
    row.classList.add('failed');
    row.querySelector('.said').append(
      el('button', { type: 'button', class: 'retry', 'aria-label': `发送失败：${reason}。点按重发`, title: reason, onclick: again }, '!'));
    toast(`没有发出去：${reason}`);
  }

  /** Off while a whole conversation is laid out: a screen reader announces only what is new. */
  announce(on) {
    byId('log').setAttribute('aria-live', on ? 'polite' : 'off');
  }

  #stick() {
    if (this.#stuck) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Only a movement upwards is the reader's wish: the end also moves away when something grows. */
  #onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX) this.#stuck = true;
    else if (scrollTop < this.#lastTop) this.#stuck = false;
    this.#lastTop = scrollTop;
    if (this.#stuck) this.#toBottom.hidden = true;
  }

  #stamped(bubble, citizen) {
    const at = millis(bubble.at);
    const row = bubbleRow(bubble, citizen, this.#taps);
    const out = at - this.#last.at > STAMP_GAP_MS ? [stampRow(stampText(at, this.#nowMs())), row] : [row];
    this.#rows.set(bubble.seq, row);
    this.#last = { seq: bubble.seq, at };
    return out;
  }

  /** A bubble that overtook an earlier one on the wire goes back to its place. */
  #insertLate(bubble, citizen) {
    const next = Math.min(...[...this.#rows.keys()].filter((seq) => seq > bubble.seq));
    const row = bubbleRow(bubble, citizen, this.#taps);
    this.#rows.get(next).before(row);
    this.#rows.set(bubble.seq, row);
  }
}
