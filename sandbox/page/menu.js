// The menu bar: up to three buttons, each acts or pops its sub-menu. Called by composer.js.

import { el, icon } from './dom.js';

const MOST_BUTTONS = 3;

export class MenuBar {
  node = el('div', { class: 'menu', role: 'group', 'aria-label': '公众号菜单' });
  #tap;

  /** `tap(button)` gets the tapped button as menu/create left it. */
  constructor(tap) {
    this.#tap = tap;
    document.addEventListener('click', (event) => { if (!this.node.contains(event.target)) this.close(); });
  }

  show(buttons) {
    this.node.replaceChildren(...buttons.slice(0, MOST_BUTTONS).map((button) => this.#slot(button)));
  }

  close({ refocus = false } = {}) {
    const open = this.node.querySelector('[aria-expanded="true"]');
    if (!open) return;
    open.setAttribute('aria-expanded', 'false');
    open.nextElementSibling.hidden = true;
    if (refocus) open.focus();
  }

  #slot(button) {
    if (button.sub_button?.length > 0) return this.#popSlot(button);
    const top = el('button', { type: 'button', testid: 'menu-button', onclick: () => this.#act(button) }, el('span', {}, button.name));
    return el('div', { class: 'menu-slot' }, top);
  }

  #popSlot(button) {
    const items = button.sub_button.map((item) => el('button', { type: 'button', role: 'menuitem', testid: 'submenu-item', title: item.name, onclick: () => this.#act(item) }, item.name));
    const pop = el('div', { class: 'submenu', role: 'menu', 'aria-label': button.name, hidden: true, onkeydown: (event) => moveFocus(event, items) }, ...items);
    const top = el('button', { type: 'button', testid: 'menu-button', 'aria-haspopup': 'menu', 'aria-expanded': 'false' }, icon('lines'), el('span', {}, button.name));
    top.addEventListener('click', (event) => {
      const opening = pop.hidden;
      this.close();
      pop.hidden = !opening;
      top.setAttribute('aria-expanded', String(opening));
      if (opening && event.detail === 0) items[0].focus(); // opened by key: the focus goes along
    });
    return el('div', { class: 'menu-slot' }, top, pop);
  }

  #act(button) {
    this.close();
    this.#tap(button);
  }
}

function moveFocus(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
}
