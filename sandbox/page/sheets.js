// Dialogs that rise over the phone: action sheets, small forms, the enlarged photo. Native <dialog> brings
// the focus trap and Esc; the phone's place on the screen is handed to the style as variables.

import { byId, el } from './dom.js';

/** Over the phone, until it is closed. */
export function raise(dialog) {
  const place = () => {
    const phone = byId('phone').getBoundingClientRect();
    dialog.style.setProperty('--left', `${phone.left}px`);
    dialog.style.setProperty('--width', `${phone.width}px`);
    dialog.style.setProperty('--bottom', `${Math.max(0, window.innerHeight - phone.bottom)}px`);
  };
  place();
  window.addEventListener('resize', place);
  dialog.addEventListener('close', () => {
    window.removeEventListener('resize', place);
    dialog.remove();
  });
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** `choices` is [{label, onpick | href, danger}]; a choice closes the sheet. */
export function actionSheet(title, choices) {
  const dialog = el('dialog', { class: 'sheet actions', 'aria-label': title });
  dialog.append(el('p', { class: 'sheet-title' }, title));
  for (const choice of choices) {
    const props = { class: choice.danger ? 'danger' : '', onclick: () => { dialog.close(); choice.onpick?.(); } };
    dialog.append(choice.href
      ? el('a', { ...props, href: choice.href }, choice.label)
      : el('button', { ...props, type: 'button' }, choice.label));
  }
  dialog.append(el('button', { type: 'button', class: 'cancel', onclick: () => dialog.close() }, '取消'));
  return raise(dialog);
}

/** `fields` is [{name, label, …attributes of the input}]; `onsubmit(values)` after the browser's own checks. */
export function formSheet(title, fields, submitLabel, onsubmit, above = null) {
  const dialog = el('dialog', { class: 'sheet', 'aria-label': title });
  const form = el('form', { method: 'dialog' });
  for (const { label, ...attributes } of fields) {
    form.append(el('label', {}, el('span', {}, label), el('input', { autocomplete: 'off', ...attributes })));
  }
  form.append(el('div', { class: 'sheet-buttons' },
    el('button', { type: 'button', onclick: () => dialog.close() }, '取消'),
    el('button', { type: 'submit', class: 'primary' }, submitLabel)));
  form.addEventListener('submit', () => onsubmit(Object.fromEntries(new FormData(form))));
  dialog.append(el('p', { class: 'sheet-title' }, title));
  if (above) dialog.append(above(dialog));
  dialog.append(form);
  return raise(dialog);
}

export function photoViewer(url) {
  const dialog = el('dialog', { class: 'viewer', 'aria-label': '照片' });
  dialog.append(el('button', { type: 'button', 'aria-label': '关闭照片', onclick: () => dialog.close() }, el('img', { src: url, alt: '放大的照片' })));
  return raise(dialog);
}
