// The bar under the chat: the menu or the text input, the keyboard icon changes between them; + opens the
// panel of photo, place and the like. Called by phone.js.

import { byId, el, icon } from './dom.js';
import { MenuBar } from './menu.js';

const TALLEST_INPUT_PX = 120;

export class Composer {
  #bar = byId('composer');
  #panel;
  #say;
  #menu;
  #hasMenu = false;
  #input = el('textarea', { rows: 1, testid: 'input', 'aria-label': '输入消息，回车发送', enterkeyhint: 'send', maxlength: 5000 });
  #send = el('button', { type: 'button', class: 'send', testid: 'send', hidden: true, onclick: () => this.#submit() }, '发送');
  #attach = el('button', { type: 'button', class: 'icon-button', testid: 'attach', 'aria-label': '更多：照片、位置、语音', 'aria-expanded': 'false', onclick: () => this.#showPanel(this.#panel.hidden) }, icon('plus'));
  #mode = el('button', { type: 'button', class: 'icon-button mode', testid: 'keyboard', onclick: () => this.#changeMode() });
  #typing = el('div', { class: 'typing-row' }, this.#input, this.#attach, this.#send);

  /** `acts` is {say(text), tapMenu(button)}. */
  constructor(acts, panel) {
    this.#say = acts.say;
    this.#panel = panel;
    this.#menu = new MenuBar(acts.tapMenu);
    this.#bar.append(el('div', { class: 'bar' }, this.#mode, this.#menu.node, this.#typing), panel);
    this.#input.addEventListener('input', () => this.#fit());
    this.#input.addEventListener('focus', () => this.closePanel());
    this.#input.addEventListener('keydown', (event) => this.#onKey(event));
    this.#bar.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      this.#menu.close({ refocus: true });
      this.closePanel();
    });
    this.#setMode('text');
  }

  show(on) {
    this.#bar.hidden = !on;
  }

  closePanel() {
    this.#showPanel(false);
  }

  prefill(text) {
    this.#setMode('text');
    this.#fill(text);
    this.#input.focus();
  }

  /** The first menu that arrives takes the bar, as WeChat opens a service account. */
  setMenu(buttons) {
    const first = !this.#hasMenu && buttons.length > 0 && this.#input.value === '';
    this.#hasMenu = buttons.length > 0;
    this.#menu.show(buttons);
    if (first) this.#setMode('menu');
    else this.#setMode(this.#hasMenu ? this.#bar.dataset.mode : 'text');
  }

  #changeMode() {
    this.#setMode(this.#bar.dataset.mode === 'menu' ? 'text' : 'menu');
    if (this.#bar.dataset.mode === 'text') this.#input.focus();
  }

  #setMode(wanted) {
    const isMenu = wanted === 'menu';
    this.#bar.dataset.mode = wanted;
    this.#mode.replaceChildren(icon(isMenu ? 'keyboard' : 'menu'));
    this.#mode.setAttribute('aria-label', isMenu ? '切换到键盘输入' : '切换到菜单');
    this.#mode.hidden = !this.#hasMenu;
    this.#menu.node.hidden = !isMenu;
    this.#typing.hidden = isMenu;
    this.#menu.close();
    this.closePanel();
    this.#fit();
  }

  #showPanel(on) {
    this.#panel.hidden = !on;
    this.#attach.setAttribute('aria-expanded', String(on));
  }

  #onKey(event) {
    // While an input method composes Chinese, Enter picks the word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#input.value;
    if (text.trim() === '') return;
    this.#fill('');
    this.#say(text);
  }

  #fill(text) {
    this.#input.value = text;
    this.#fit();
  }

  #fit() {
    const empty = this.#input.value.trim() === '';
    this.#send.hidden = empty;
    this.#attach.hidden = !empty;
    this.#input.style.height = 'auto';
    this.#input.style.height = `${Math.min(this.#input.scrollHeight, TALLEST_INPUT_PX)}px`;
  }
}
