// The fault switches as a form: what each is called, its limits and its healthy value. Used by controls.js.

import { el } from './dom.js';

const rate = (name, label) => ({ name, label, type: 'rate', healthy: 0 });
const flag = (name, label, healthy = false) => ({ name, label, type: 'flag', healthy });
const number = (name, label, healthy, min, max, step) => ({ name, label, type: 'number', healthy, min, max, step });
const choice = (name, title, options) => ({ title, part: name, choice: options, healthy: 'ok' });

const GROUPS = [
  { title: '回调', part: 'callback', fields: [
    rate('duplicate', '重复投递'), rate('parallel', '同时投递两次'), rate('reorder', '先后颠倒'),
    number('max_deliveries', '最多投递几次', 3, 1, 4, 1), number('timeout_s', '等几秒算超时', 5, 0.05, 30, 0.05),
  ] },
  { title: '接口', part: 'api', fields: [
    number('latency_ms', '延迟（毫秒）', 0, 0, 60000, 50), rate('busy_rate', '系统繁忙（-1）'), rate('lost_answer_rate', '办了但答复丢失'),
    { name: 'errcodes', label: '指定接口报错', type: 'errcodes', healthy: {} },
  ] },
  { title: '推送', part: 'push', fields: [
    rate('user_block_rate', '市民拒收'), rate('system_failed_rate', '系统失败'), rate('no_result_rate', '没有结果事件'), rate('twice_rate', '结果来两次'),
    number('result_after_s', '几秒后有结果', 1, 0, 3600, 0.5), number('templates_per_day', '模板消息每天', 100000, 0, 10000000, 1),
    number('templates_per_minute', '模板消息每分钟', 100000, 0, 10000000, 1),
  ] },
  choice('csms', '营收系统', [['ok', '正常'], ['hang', '卡住'], ['down', '断开']]),
  choice('hotline', '热线系统', [['ok', '正常'], ['slow', '变慢'], ['down', '断开'], ['lose_answer', '丢答复']]),
  choice('website', '官网', [['ok', '正常'], ['down', '断开'], ['garbage', '乱码']]),
  choice('redis', 'Redis', [['ok', '正常'], ['slow', '变慢'], ['down', '断开']]),
  { title: '伪造与异常报文', part: 'callback', id: 'forged', fields: [
    flag('shuffle', '元素打乱次序'), flag('unknown_elements', '夹带未知元素'), flag('downgrade', '安全模式下发明文'),
    flag('previous_key', '用上一个 AES 密钥'), flag('foreign_appid', '密文里是别家 AppID'), flag('wrong_signature', '签名错误'),
    flag('renew_signature', '重投时重新签名', true), number('skew_s', '时间戳偏早（秒）', 0, -86400, 86400, 1),
  ] },
  { title: '模板消息的未定之处', part: 'push', id: 'odd-push', fields: [
    flag('repeat_refused', '重复的 client_msg_id 报 45065'), flag('missing_key_refused', '缺一个关键词报 47003', true), flag('iso_dates', '日期可写 2026-01-31 12:00'),
    number('longest_client_msg_id', 'client_msg_id 最长几个字符', 32, 0, 128, 1),
  ] },
  { title: '异常接口', part: 'api', id: 'odd-api', fields: [flag('refuse_escapes', '拒收 \\uXXXX（40033）'), flag('ip_refused', 'IP 不在白名单（40164）')] },
];
const ERRCODES = [
  ['/cgi-bin/message/custom/send', 45015], ['/cgi-bin/message/custom/send', 45047],
  ['/cgi-bin/message/template/send', 43004], ['/cgi-bin/message/template/send', 43116], ['/cgi-bin/message/template/send', 40249],
  ['/cgi-bin/message/template/send', 48001], ['/cgi-bin/message/subscribe/bizsend', 43101],
  ['/cgi-bin/media/upload', 45009], ['/cgi-bin/media/get', 40007], ['/cgi-bin/menu/create', 40018],
];

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
  const inputs = fields.map((field) => INPUTS[field.type](field, `fault-${field.name}`, send(field.name)));
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
