// 水表照片: photos of a meter drawn by the sandbox, with the reading and the fault one wants. Called by attach.js.

import { api } from './api.js';
import { el, icon } from './dom.js';
import { raise } from './sheets.js';

const FAULTS = [
  ['none', '好的'], ['blurred', '拍糊了'], ['glare', '反光'],
  ['too_dark', '太暗'], ['too_small', '太小'], ['not_image', '不是图片'],
];
const MORE_THAN_LAST = 12;
const CALM_MS = 500; // after the last key, before pictures are drawn anew
const ACCOUNT = /^\d{10}$/;

// Never the same photo twice, unless one asks for it: the server refuses what it has seen before.
let seed = Math.floor(Date.now() / 1000) % 1_000_000;
const remembered = new Map(); // openid → what that citizen photographed last

/** `citizen` begins with the meter of `acct_no`; `send(file)` gets the photo that was tapped. */
export function meterPhotoSheet({ citizen, acct_no }, send) {
  const known = { acct_no, meter_code: '', digits: 5, reading: '', ...remembered.get(citizen) };
  const note = el('p', { class: 'photo-note', role: 'status' });
  const account = el('input', { testid: 'meter-account', inputmode: 'numeric', maxlength: 10, autocomplete: 'off', placeholder: '可不填', value: known.acct_no });
  const reading = el('input', { testid: 'meter-reading', type: 'number', min: 0, step: 1, value: known.reading });
  const tiles = FAULTS.map(([fault, label]) => tile(fault, label, () => take(fault)));
  const dialog = el('dialog', { class: 'sheet', 'aria-label': '水表照片' },
    el('p', { class: 'sheet-title' }, '水表照片：点一张就发送'),
    el('div', { class: 'sheet-fields' },
      el('label', {}, el('span', {}, '户号'), account),
      el('label', {}, el('span', {}, '表上读数'), reading)),
    note,
    el('div', { class: 'meter-photos' }, ...tiles.map((one) => one.node)),
    el('div', { class: 'sheet-buttons' },
      el('button', { type: 'button', onclick: () => dialog.close() }, '取消'),
      el('button', { type: 'button', testid: 'meter-again', onclick: () => { seed += 1; draw(); } }, '换一组')));
  let drawing = new AbortController();
  let timer = 0;
  let lookedUp = '';

  const question = (fault) => ({ reading: reading.value, digits: known.digits, fault, seed, ...(known.meter_code && { meter_code: known.meter_code }) });

  /** One after the other: the browser's few connections stay free for the chat. */
  async function draw() {
    drawing.abort();
    drawing = new AbortController();
    const { signal } = drawing;
    for (const one of tiles) one.clear();
    if (!reading.checkValidity() || reading.value === '') return;
    for (const one of tiles) {
      if (signal.aborted) return;
      await one.show(api.meterPhotoUrl(question(one.fault)), signal);
    }
  }

  async function take(fault) {
    if (!reading.reportValidity() || reading.value === '') return reading.focus();
    drawing.abort();
    note.textContent = '正在拍…';
    try {
      const photo = await api.meterPhoto(question(fault));
      remembered.set(citizen, { ...known, reading: reading.value });
      seed += 1;
      dialog.close();
      send(new File([photo], `meter-${fault}.jpg`, { type: 'image/jpeg' }));
    } catch (error) {
      note.textContent = `没有拍成：${error.message}`;
    }
  }

  async function lookUp() {
    const asked = account.value.trim();
    if (!ACCOUNT.test(asked) || asked === lookedUp) return;
    lookedUp = asked;
    try {
      const dial = await api.dial(asked);
      if (asked !== lookedUp) return; // another one has been typed meanwhile
      known.acct_no = asked;
      Object.assign(known, { meter_code: dial.meter_code, digits: dial.digits });
      if (known.reading === '') reading.value = (dial.last_value + MORE_THAN_LAST) % 10 ** dial.digits;
      known.reading = ''; // what was remembered belongs to the account one begins with
      note.textContent = `${dial.owner_name || '户主'}的水表 ${dial.meter_code}，上次读数 ${dial.last_value}`;
    } catch (error) {
      note.textContent = error.message;
      lookedUp = '';
    }
    draw();
  }

  account.addEventListener('input', () => lookUp());
  reading.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(draw, CALM_MS);
  });
  dialog.addEventListener('close', () => drawing.abort());
  raise(dialog);
  if (known.acct_no) lookUp();
  else draw();
}

function tile(fault, label, onclick) {
  const frame = el('span', { class: `meter-frame${fault === 'too_small' ? ' small' : ''}` });
  const node = el('button', { type: 'button', testid: `meter-${fault}`, onclick }, frame, label);

  function show(url, signal) {
    if (fault === 'not_image') return undefined;
    const picture = el('img', { alt: '' });
    return new Promise((resolve) => {
      picture.addEventListener('load', () => { frame.replaceChildren(picture); resolve(); });
      picture.addEventListener('error', resolve);
      signal.addEventListener('abort', () => { picture.removeAttribute('src'); resolve(); });
      picture.src = url;
    });
  }

  const clear = () => frame.replaceChildren(icon(fault === 'not_image' ? 'file' : 'camera'));
  clear();
  return { fault, node, show, clear };
}
