// The fault switches as a form. Used by controls.js.

import { el } from './dom.js';
import { ERRCODES, GROUPS } from './faultgroups.js';

/** [{title, node, healthy, show(faults), active(faults)}]; `put(part, groupId)` sends a change. */
export function faultGroups(put) {
  return GROUPS.map((group) => (group.choice ? choiceGroup(group, put) : fieldsGroup(group, put)));
}

function frame(title, id, ...children) {
  return el('fieldset', { 'data-group': id }, el('legend', {}, title), ...children, el('p', { class: 'note', role: 'status' }));
}

function choiceGroup({ title, part, choice: options, healthy }, put) {
  const radios = options.map(([value]) => el('input', { type: 'radio', name: part, value, testid: `fault-${part}-${value}`, onchange: () => put({ [part]: value }, part) }));
  const row = el('div', { class: 'segments' }, ...options.map(([, label], at) => el('label', {}, radios[at], el('span', {}, label))));
  return {
    title,
    node: frame(title, part, row),
    healthy: { [part]: healthy },
    show: (faults) => { for (const radio of radios) radio.checked = radio.value === faults[part]; },
    active: (faults) => faults[part] !== healthy,
  };
}

function fieldsGroup({ title, part, id = part, fields }, put) {
  const send = (name) => (value) => put({ [part]: { [name]: value } }, id);
  const testid = part === 'pay' ? 'fault-pay' : 'fault'; // some of its switches are called as others are
  const inputs = fields.map((field) => INPUTS[field.type](field, `${testid}-${field.name}`, send(field.name)));
  return {
    title,
    node: frame(title, id, ...inputs.map((input) => input.node)),
    healthy: { [part]: Object.fromEntries(fields.map((field) => [field.name, field.healthy])) },
    show: (faults) => { for (const [at, field] of fields.entries()) inputs[at].show(faults[part]?.[field.name] ?? field.healthy); },
    active: (faults) => fields.some((field) => JSON.stringify(faults[part]?.[field.name] ?? field.healthy) !== JSON.stringify(field.healthy)),
  };
}

const INPUTS = { rate: rateInput, flag: flagInput, number: numberInput, errcodes: errcodesInput };

function rateInput({ label }, testid, send) {
  const shown = el('output', {});
  const input = el('input', { type: 'range', min: 0, max: 100, step: 5, testid });
  input.addEventListener('input', () => { shown.textContent = `${input.value}%`; });
  input.addEventListener('change', () => send(Number(input.value) / 100));
  const show = (value) => {
    input.value = Math.round(Number(value) * 100);
    shown.textContent = `${Math.round(Number(value) * 100)}%`;
  };
  return { node: el('label', { class: 'field' }, el('span', {}, label), input, shown), show };
}

function flagInput({ label }, testid, send) {
  const input = el('input', { type: 'checkbox', testid, onchange: () => send(input.checked) });
  return { node: el('label', { class: 'field flag' }, input, el('span', {}, label)), show: (value) => { input.checked = Boolean(value); } };
}

function numberInput({ label, min, max, step }, testid, send) {
  const input = el('input', { type: 'number', min, max, step, required: true, testid });
  input.addEventListener('change', () => { if (input.reportValidity()) send(Number(input.value)); });
  return { node: el('label', { class: 'field' }, el('span', {}, label), input), show: (value) => { input.value = value; } };
}

function errcodesInput({ label }, testid, send) {
  let codes = {};
  const list = el('ul', { class: 'errcodes' });
  const select = el('select', { testid, 'aria-label': label }, el('option', { value: '' }, '＋ 添加…'),
    ...ERRCODES.map(([path, code], at) => el('option', { value: at }, `${path} → ${code}`)));
  select.addEventListener('change', () => {
    const [path, code] = ERRCODES[Number(select.value)];
    select.value = '';
    send({ ...codes, [path]: code });
  });
  const drop = (path) => send(Object.fromEntries(Object.entries(codes).filter(([kept]) => kept !== path)));
  const show = (value) => {
    codes = value;
    list.replaceChildren(...Object.entries(codes).map(([path, code]) => el('li', {}, `${path} → ${code}`,
      el('button', { type: 'button', 'aria-label': `去掉 ${path}`, onclick: () => drop(path) }, '×'))));
  };
  return { node: el('div', { class: 'field stacked' }, el('span', {}, label), list, select), show };
}
