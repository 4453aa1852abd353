// The bar under the chat: menu with pop-up sub-menus, or text input; the keyboard icon changes between them.
// `acts` is {say(text), tapMenu(button)}; called by phone.js.

import { byId, el, icon } from './dom.js';

const MAX_INPUT_PX = 120;

export function createComposer(acts, attachPanel) {
  const bar = byId('composer');
  const menu = el('div', { class: 'menu', role: 'group', 'aria-label': '公众号菜单' });
  const input = el('textarea', { rows: 1, testid: 'input', 'aria-label': '输入消息，回车发送', enterkeyhint: 'send', maxlength: 5000 });
  const send = el('button', { type: 'button', class: 'send', testid: 'send', hidden: true, onclick: submit }, '发送');
  const attach = el('button', { type: 'button', class: 'icon-button', testid: 'attach', 'aria-label': '更多：照片、位置、语音', 'aria-expanded': 'false', onclick: toggleAttach }, icon('plus'));
  const mode = el('button', { type: 'button', class: 'icon-button mode', testid: 'keyboard', onclick: () => setMode(bar.dataset.mode === 'menu' ? 'text' : 'menu', true) });
  const typing = el('div', { class: 'typing-row' }, input, attach, send);
  bar.append(el('div', { class: 'bar' }, mode, menu, typing), attachPanel);
  attachPanel.hidden = true;
  let hasMenu = false;

  input.addEventListener('input', fit);
  input.addEventListener('focus', closeAttach);
  input.addEventListener('keydown', (event) => {
    // While an input method composes Chinese, Enter picks the word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  document.addEventListener('click', (event) => { if (!event.target.closest('.menu')) closeSubmenus(); });
  bar.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { closeSubmenus(true); closeAttach(); }
  });

  function fit() {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, MAX_INPUT_PX)}px`;
    const empty = input.value.trim() === '';
    send.hidden = empty;
    attach.hidden = !empty;
  }

  function submit() {
    const text = input.value;
    if (text.trim() === '') return;
    fill('');
    acts.say(text);
  }

  function fill(text) {
    input.value = text;
    fit();
  }

  function toggleAttach() {
    attachPanel.hidden = !attachPanel.hidden;
    attach.setAttribute('aria-expanded', String(!attachPanel.hidden));
  }

  function closeAttach() {
    attachPanel.hidden = true;
    attach.setAttribute('aria-expanded', 'false');
  }

  function setMode(wanted, byHand = false) {
    bar.dataset.mode = wanted;
    const toText = wanted === 'menu';
    mode.replaceChildren(icon(toText ? 'keyboard' : 'menu'));
    mode.setAttribute('aria-label', toText ? '切换到键盘输入' : '切换到菜单');
    mode.hidden = !hasMenu;
    menu.hidden = !toText;
    typing.hidden = toText;
    closeAttach();
    closeSubmenus();
    if (byHand && !toText) input.focus();
    fit();
  }

  function closeSubmenus(refocus = false) {
    const open = menu.querySelector('[aria-expanded="true"]');
    if (!open) return;
    open.setAttribute('aria-expanded', 'false');
    open.nextElementSibling.hidden = true;
    if (refocus) open.focus();
  }

  function topButton(button) {
    if (!button.sub_button?.length) {
      return el('div', { class: 'menu-slot' }, el('button', { type: 'button', testid: 'menu-button', onclick: () => { closeSubmenus(); acts.tapMenu(button); } }, el('span', {}, button.name)));
    }
    const items = button.sub_button.map((item) => el('button', { type: 'button', role: 'menuitem', testid: 'submenu-item', onclick: () => { closeSubmenus(); acts.tapMenu(item); } }, item.name));
    const pop = el('div', { class: 'submenu', role: 'menu', 'aria-label': button.name, hidden: true, onkeydown: (event) => moveFocus(event, items) }, ...items);
    const top = el('button', { type: 'button', testid: 'menu-button', 'aria-haspopup': 'menu', 'aria-expanded': 'false' }, icon('lines'), el('span', {}, button.name));
    top.addEventListener('click', (event) => {
      const opening = pop.hidden;
      closeSubmenus();
      pop.hidden = !opening;
      top.setAttribute('aria-expanded', String(opening));
      if (opening && event.detail === 0) items[0].focus(); // opened by key: the focus goes along
    });
    return el('div', { class: 'menu-slot' }, top, pop);
  }

  function setMenu(buttons) {
    const first = !hasMenu && buttons.length > 0;
    hasMenu = buttons.length > 0;
    menu.replaceChildren(...buttons.slice(0, 3).map(topButton));
    if (!hasMenu) setMode('text');
    else setMode(first && input.value === '' ? 'menu' : bar.dataset.mode);
  }

  function prefill(text) {
    setMode('text');
    fill(text);
    input.focus();
  }

  setMode('text');
  return { closeAttach, prefill, setMenu, show: (on) => { bar.hidden = !on; }, input };
}

function moveFocus(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}
