// WeChat's pay sheet over a page in the phone's browser: what is paid, a pad for the six digits, the outcome.
// It stands in that page's document, which may forbid everything: styles come as a constructed sheet, text as
// text. Called by phonebrowser.js.

import { api } from './api.js';
import { el } from './dom.js';
import { STYLE } from './paysheetstyle.js';

const DIGITS = 6;
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0', '⌫'];
const answer = (how, more = {}) => ({ err_msg: `get_brand_wcpay_request:${how}`, ...more });

/** What getBrandWCPayRequest answers, once the citizen has paid, thought better of it, or was refused. */
export async function payCall(phone, holder, values) {
  let asked;
  try {
    asked = await api.paySheet(holder, values);
  } catch (error) {
    return refuse(phone, error);
  }
  return new Promise((resolve) => { new Sheet(phone, holder, values, asked, resolve).ask(); });
}

function refuse(phone, error) {
  return new Promise((resolve) => {
    const dialog = raise(phone, '支付失败', () => resolve(answer('fail', { err_desc: error.message })));
    dialog.append(el('p', { class: 'said', testid: 'pay-refused' }, error.message), button('知道了', 'pay-close', () => dialog.close()));
  });
}

class Sheet {
  #phone;
  #holder;
  #values;
  #asked;
  #outcome = answer('cancel');
  #typed = '';
  #dialog;
  #dots;
  #resolve;

  /** `asked` is what the sandbox says of `values`; `resolve(answer)` is called at the end. */
  constructor(phone, holder, values, asked, resolve) {
    this.#resolve = resolve;
    this.#phone = phone;
    this.#holder = holder;
    this.#values = values;
    this.#asked = asked;
  }

  ask() {
    const { merchant, description, amount } = this.#asked;
    this.#dialog = raise(this.#phone, '请输入支付密码', () => this.#end());
    this.#dots = el('div', { class: 'dots', 'aria-hidden': 'true' }, ...Array.from({ length: DIGITS }, () => el('span')));
    this.#dialog.append(
      el('button', { type: 'button', class: 'cancel', 'aria-label': '取消支付', testid: 'pay-cancel', onclick: () => this.#dialog.close() }, '×'),
      el('h2', {}, '请输入支付密码'), el('p', {}, merchant),
      el('p', { class: 'amount', testid: 'pay-amount' }, `¥${amount}`), el('p', { class: 'about' }, description),
      this.#dots, el('div', { class: 'pad' }, ...KEYS.map((key) => this.#key(key))));
    this.#dialog.addEventListener('keydown', ({ key }) => this.#type(key === 'Backspace' ? '⌫' : key));
  }

  #key(key) {
    if (!key) return el('span');
    return el('button', { type: 'button', 'aria-label': key === '⌫' ? '删除' : key, testid: `pay-key-${key}`, onclick: () => this.#type(key) }, key);
  }

  #type(key) {
    if (this.#typed.length >= DIGITS) return;
    if (key === '⌫') this.#typed = this.#typed.slice(0, -1);
    else if (/^\d$/.test(key)) this.#typed += key;
    [...this.#dots.children].forEach((dot, at) => dot.classList.toggle('full', at < this.#typed.length));
    if (this.#typed.length === DIGITS) this.#pay();
  }

  async #pay() {
    try {
      this.#outcome = await api.payConfirm(this.#holder, this.#values);
      this.#conclude('支付成功', `¥${this.#asked.amount}`, 'pay-done', '完成');
    } catch (error) {
      this.#outcome = answer('fail', { err_desc: error.message });
      this.#conclude('支付失败', error.message, 'pay-close', '知道了');
    }
  }

  #conclude(title, text, testid, label) {
    this.#dialog.replaceChildren(el('h2', {}, title), el('p', { class: 'said' }, text), button(label, testid, () => this.#dialog.close()));
  }

  async #end() {
    if (this.#outcome.err_msg.endsWith(':cancel')) await api.payCancel(this.#holder).catch(() => {});
    this.#resolve(this.#outcome);
  }
}

function button(label, testid, onclick) {
  return el('button', { type: 'button', class: 'main', testid, onclick }, label);
}

/** Makes a page ready for sheets. */
export function dress(phone) {
  const style = new phone.CSSStyleSheet();
  style.replaceSync(STYLE);
  phone.document.adoptedStyleSheets.push(style);
}

/** Over the phone's page, until it is closed. */
function raise(phone, title, closed) {
  const dialog = el('dialog', { class: 'sandbox-pay', 'aria-label': title, testid: 'pay-sheet' });
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed();
  });
  phone.document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
