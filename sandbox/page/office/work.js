// What the parts of the back office share: a list that keeps what is being typed, and work that may be refused.

import { el } from '../dom.js';
import { photoViewer } from '../sheets.js';

export const ACCOUNT = { name: 'acct_no', required: true, pattern: '\\d{10}', maxlength: 10, inputmode: 'numeric', placeholder: '10 位户号', title: '10 位户号' };

/** `make(item)` answers {node, show(item)}: a card stays, with its fields and the focus, while its facts change. */
export function cardList(list, keyOf, make) {
  const cards = new Map();

  return function show(items) {
    const wanted = new Set(items.map(keyOf));
    for (const [key, card] of cards) {
      if (wanted.has(key)) continue;
      card.node.remove();
      cards.delete(key);
    }
    for (const [at, item] of items.entries()) {
      const key = keyOf(item);
      if (!cards.has(key)) cards.set(key, make(item));
      const card = cards.get(key);
      const now = JSON.stringify(item);
      if (card.shown !== now) card.show(item);
      card.shown = now;
      if (list.children[at] !== card.node) list.insertBefore(card.node, list.children[at] ?? null);
    }
  };
}

/** Where the work of one card or form is refused: in place, and gone with the next try. */
export function refusals() {
  const node = el('p', { class: 'refusal', role: 'alert' });

  async function attempt(work) {
    node.textContent = '';
    try {
      await work();
    } catch (error) {
      node.textContent = error.message;
    }
  }

  return { node, attempt };
}

/** A form of one line; `work(values)` after the browser's own checks. The fields are emptied when it is done. */
export function lineForm(label, fields, button, work) {
  const { node: refusal, attempt } = refusals();
  const form = el('form', { class: 'line-form', 'aria-label': label }, ...fields, el('button', { type: 'submit', testid: button.testid }, button.label), refusal);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(async () => {
      await work(Object.fromEntries(new FormData(form)));
      form.reset();
    });
  });
  return form;
}

export const field = (label, attributes) => el('label', {}, el('span', {}, label), el('input', { autocomplete: 'off', ...attributes }));

export function choice(label, name, options, attributes = {}) {
  return el('label', {}, el('span', {}, label), el('select', { name, ...attributes }, ...options.map(([value, words]) => el('option', { value }, words))));
}

export function button(label, testid, onclick, attributes = {}) {
  return el('button', { type: 'button', testid, onclick, ...attributes }, label);
}

export const chip = (words, kind = '') => el('span', { class: `tag ${kind}` }, words);

/** Through the server's signed links, as the staff of CSMS and the hotline see them. */
export function photoStrip(photos) {
  return el('div', { class: 'photo-strip' }, ...photos.map(({ url }, at) => photoButton(url, `照片 ${at + 1}`)));
}

/** Papers beside one another, each named: `nameOf(photo, at)`. */
export function photoWall(photos, nameOf) {
  return el('div', { class: 'photo-wall' }, ...photos.map((photo, at) => {
    const name = nameOf(photo, at);
    return el('figure', {}, photoButton(photo.url, name), el('figcaption', {}, name));
  }));
}

function photoButton(url, name) {
  const picture = el('img', { src: url, alt: '', decoding: 'async' });
  const frame = el('button', { type: 'button', class: 'photo', testid: 'office-photo', 'aria-label': `${name}，点按放大`, onclick: () => photoViewer(url) }, picture);
  picture.addEventListener('error', () => frame.replaceChildren('照片打不开：链接已过期，或服务没有运行'));
  return frame;
}
